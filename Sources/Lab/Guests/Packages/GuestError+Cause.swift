// SPDX-License-Identifier: GPL-2.0-only

import Subjects

extension GuestError {
  /// The error of a helper of `Subjects` that reads files or runs programs.
  init(_ error: SubjectError, isAboutMissing: Bool = false) {
    self.init(message: error.message, advice: error.advice, isAboutMissing: isAboutMissing)
  }

  /// Combines `subject`, e.g. "busybox-static could not be downloaded", with apt's own message into one line,
  /// and adds a remedy. A package that apt cannot provide is missing, and the rest of a run may go on, unless
  /// the disk is full.
  static func apt(_ subject: String, said errors: String) -> GuestError {
    let message = "\(subject): \(plain(reason(in: errors)))"
    if isAboutRoom(errors) { return GuestError(message: message, advice: makeRoom) }
    let advice =
      if errors.contains("Hash Sum mismatch") || errors.contains("unexpected size") {
        "the files of the mirror differ from its signed index: try again later or name another suite"
      } else if errors.contains("404") {
        "the mirror no longer has that version: try again later or name another suite"
      } else if errors.contains("NO_PUBKEY") || errors.contains("not signed") {
        "install debian-archive-keyring, which has the keys of Debian's suites"
      } else {
        "check the network and the proxy settings"
      }
    return GuestError(message: message, advice: advice, isAboutMissing: true)
  }

  /// The remedy for a full disk.
  static let makeRoom = "make room or set MHPCHECK_CACHE to a folder on another disk"

  /// Whether the output of a program reports a full disk.
  static func isAboutRoom(_ errors: String) -> Bool {
    errors.contains("No space left") || errors.contains("enough free space")
  }

  /// `text` on one line without control characters, because programs quote mirrors and packages.
  static func plain(_ text: String) -> String {
    let isControl: (Unicode.Scalar) -> Bool = { $0.properties.generalCategory == .control }
    let scalars = text.unicodeScalars.map { isControl($0) ? " " : Character($0) }
    return String(scalars).split(separator: " ").joined(separator: " ")
  }

  /// The first of apt's errors, without its mark "E: ".
  static func reason(in errors: String) -> String {
    let lines = errors.split(whereSeparator: \.isNewline)
    let error = lines.first { $0.hasPrefix("E: ") }.map { String($0.dropFirst(3)) }
    return error ?? Tools.firstLine(of: errors)
  }
}

/// Runs `body`, and turns its error into a `GuestError`.
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
  /// The same as `run`, with errors of type `GuestError`.
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
    // A cancelled program says nothing about its input.
    guard !Task.isCancelled else {
      throw GuestError(Tools.failure(of: path, CancellationError()))
    }
    return outcome
  }
}
