// SPDX-License-Identifier: GPL-2.0-only

import Subjects

extension GuestError {
  /// What went wrong while files were read or programs run, which `Subjects` does for everybody.
  init(_ error: SubjectError, isAboutMissing: Bool = false) {
    self.init(message: error.message, advice: error.advice, isAboutMissing: isAboutMissing)
  }

  /// Puts apt's own words about `subject`, e.g. "busybox-static could not be downloaded", into one line
  /// with what to do. What apt cannot give is missing, and nothing is wrong with the rest of a run, unless
  /// the disk is full.
  static func apt(_ subject: String, said errors: String) -> GuestError {
    let message = "\(subject): \(plain(reason(in: errors)))"
    if isAboutRoom(errors) { return GuestError(message: message, advice: makeRoom) }
    let advice =
      if errors.contains("Hash Sum mismatch") || errors.contains("unexpected size") {
        "the mirror holds other files than its signed index says: try again later or name another suite"
      } else if errors.contains("404") {
        "the mirror no longer has that version: try again later or name another suite"
      } else if errors.contains("NO_PUBKEY") || errors.contains("not signed") {
        "install debian-archive-keyring, which has the keys of Debian's suites"
      } else {
        "check the network and the proxy settings"
      }
    return GuestError(message: message, advice: advice, isAboutMissing: true)
  }

  /// What to do about a disk that is full.
  static let makeRoom = "make room or set MHPCHECK_CACHE to a folder on another disk"

  /// Whether a program's words are about a disk that is full.
  static func isAboutRoom(_ errors: String) -> Bool {
    errors.contains("No space left") || errors.contains("enough free space")
  }

  /// `text` on one line without control characters: programs quote mirrors and packages.
  static func plain(_ text: String) -> String {
    let isControl: (Unicode.Scalar) -> Bool = { $0.properties.generalCategory == .control }
    let scalars = text.unicodeScalars.map { isControl($0) ? " " : Character($0) }
    return String(scalars).split(separator: " ").joined(separator: " ")
  }

  /// The first of apt's errors without its mark.
  static func reason(in errors: String) -> String {
    let lines = errors.split(whereSeparator: \.isNewline)
    let error = lines.first { $0.hasPrefix("E: ") }.map { String($0.dropFirst(3)) }
    return error ?? Tools.firstLine(of: errors)
  }
}

/// Runs `body`, and turns its error into a guest's.
func asGuest<Value>(
  isAboutMissing: Bool = false, _ body: () throws(SubjectError) -> Value
) throws(GuestError) -> Value {
  do {
    return try body()
  } catch {
    throw GuestError(error, isAboutMissing: isAboutMissing)
  }
}

extension Tools {
  /// `run`, with errors of a guest's.
  func runForGuest(
    _ path: String, _ arguments: [String], folder: String? = nil, input: [UInt8] = [],
    additions: [String: String] = [:], limit: Int = 1 << 20
  ) async throws(GuestError) -> Outcome {
    let outcome: Outcome
    do {
      outcome = try await run(
        path, arguments, folder: folder, input: input, additions: additions, limit: limit)
    } catch {
      throw GuestError(error)
    }
    // A program that was ended for our own sake says nothing of what it was asked.
    guard !Task.isCancelled else {
      throw GuestError(Tools.failure(of: path, CancellationError()))
    }
    return outcome
  }
}
