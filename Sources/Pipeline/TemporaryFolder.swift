// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Synchronization

/// A private folder for the length of a run.
struct TemporaryFolder: ~Copyable {
  let path: String

  /// Makes a folder that only this user can enter, under TMPDIR or /tmp.
  init() throws(PipelineError) {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(parent)/mhpcheck-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      let reason = String(cString: strerror(errno))
      throw PipelineError(
        .incomplete, "no temporary folder can be made in \(parent): \(reason); set TMPDIR")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    TemporaryFolders.insert(path)
  }

  deinit { TemporaryFolders.remove(path) }
}

/// The temporary folders that there are now, so that an interrupted program leaves none behind.
public enum TemporaryFolders {
  private static let paths = Mutex<Set<String>>([])

  static func insert(_ path: String) { _ = paths.withLock { $0.insert(path) } }

  static func remove(_ path: String) {
    _ = paths.withLock { $0.remove(path) }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Removes all of them. For a program that is about to end: whoever uses one fails.
  public static func removeAll() {
    paths.withLock { paths in
      for path in paths { try? FileManager.default.removeItem(atPath: path) }
      paths = []
    }
  }
}
