// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Machine

/// Where the guests of a confirmation have their files: kept where the user wants them, else in a folder that
/// goes with the run.
struct ConfirmFolders: ~Copyable {
  private let kept: String?
  private let temporary: TemporaryFolder

  init(keep: String?) throws(Failure) {
    kept = keep
    temporary = try TemporaryFolder()
  }

  /// The folder of one turn. Guests talk through a socket, whose path must be short, so that they always run in the
  /// temporary one.
  func folder(of turn: ConfirmRequest.Turn, number: Int) -> Folder {
    let name = "\(turn.confirmCase.id.replacing("/", with: "-"))@\(turn.mode.name)"
    return Folder(path: "\(temporary.path)/\(number)", kept: kept.map { "\($0)/\(name)" })
  }

  /// A folder of one guest.
  struct Folder: Sendable {
    /// Where the guest runs.
    let path: String
    /// Where its files go afterwards; nil for nowhere.
    let kept: String?

    func make() throws(Failure) {
      do {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true)
      } catch {
        throw Failure(.incomplete, "\(path) cannot be made", advice: "make room or set TMPDIR")
      }
    }

    /// Puts the recording beside the guest's other files.
    func keep(_ recording: KernelRecording) throws(Failure) {
      guard kept != nil else { return }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      do {
        try encoder.encode(recording).write(to: URL(filePath: "\(path)/recording.json"))
      } catch {
        throw Failure(.incomplete, "\(path)/recording.json cannot be written", advice: "make room")
      }
    }

    /// Moves what is kept to its place, and removes the rest.
    func discard() {
      if let kept {
        let parent = URL(filePath: kept).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        // Between two disks this copies.
        try? FileManager.default.moveItem(atPath: path, toPath: kept)
      }
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
