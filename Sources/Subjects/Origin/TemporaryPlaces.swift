// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Synchronization

/// The temporary files and folders that there are now, so that an interrupted program leaves none behind.
package enum TemporaryPlaces {
  private static let paths = Mutex<Set<String>>([])

  /// What their names begin with, behind a dot or not.
  package static let prefix = "mhpcheck-"
  /// The same of what is fetched into the cache.
  package static let fetching = ".fetching-"

  /// Whether a path has a name of theirs.
  package static func isOne(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    return [prefix, "." + prefix, fetching].contains(where: name.hasPrefix)
  }

  /// Makes a folder that only this user can enter; nil, with `errno` set, where that fails.
  package static func folder(in parent: String, named prefix: String) -> String? {
    make {
      var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { return nil }
      return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Has `body` make something, and notes its path: one is not there without the other.
  package static func make(_ body: () -> String?) -> String? {
    paths.withLock { paths in
      let made = body()
      if let made { paths.insert(made) }
      return made
    }
  }

  /// Removes one of them, with all that is in it.
  package static func remove(_ path: String) {
    // It is forgotten last, so that whoever interrupts this finishes it.
    try? FileManager.default.removeItem(atPath: path)
    _ = paths.withLock { $0.remove(path) }
  }

  /// Calls `body` with all of them; none is made meanwhile.
  package static func withAll<Result>(_ body: ([String]) -> Result) -> Result {
    paths.withLock { body($0.sorted()) }
  }
}
