// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Synchronization

/// The existing temporary files and folders, recorded so that an interrupted program leaves none behind.
package enum TemporaryPlaces {
  private static let paths = Mutex<Set<String>>([])

  /// The prefix of their names, optionally after a dot.
  package static let prefix = "mhpcheck-"
  /// The prefix for folders that are being fetched into the cache.
  package static let fetching = ".fetching-"

  /// Whether a path has a name of a temporary file or folder.
  package static func isOne(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return [prefix, "." + prefix, fetching].contains(where: name.hasPrefix)
  }

  /// Makes a folder that only this user can enter; nil, with `errno` set, if that fails.
  package static func folder(in parent: String, named prefix: String) -> String? {
    make {
      var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { return nil }
      return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Runs `body`, which makes a file or folder, and records its path under the same lock.
  package static func make(_ body: () -> String?) -> String? {
    paths.withLock { paths in
      let made = body()
      if let made { paths.insert(made) }
      return made
    }
  }

  /// Removes a temporary file or folder, with its contents.
  package static func remove(_ path: String) {
    // The record disappears last, so that an interrupt handler can finish the removal.
    try? FileManager.default.removeItem(atPath: path)
    _ = paths.withLock { $0.remove(path) }
  }

  /// Calls `body` with all recorded paths. None can be added meanwhile.
  package static func withAll<Result>(_ body: ([String]) -> Result) -> Result {
    paths.withLock { body($0.sorted()) }
  }
}
