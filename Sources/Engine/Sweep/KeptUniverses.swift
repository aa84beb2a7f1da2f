// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Synchronization

/// The universes in which subjects did in every case what the port does, by keys of the code that ran (`GroupMemory`),
/// in a file of the user's cache. A file that is damaged, or cannot be written, costs time alone.
final class KeptUniverses: Sendable {
  /// The number of keys in the file, those used last: fifty texts at standard depth.
  static let most = 4_000
  /// The version of the file, and of the keys in it.
  static let heading = "mhpcheck.kept/1"
  private static let mostBytes = 1 << 20

  private struct State {
    /// The keys in the file; nil until they are needed.
    var known: Set<String>?
    /// The keys that this run found or used, in order.
    var used: [String] = []
  }

  private let path: String?
  private let prepare: @Sendable (_ folder: String) -> Void
  private let state = Mutex(State())

  /// Reads and writes the file at a path; with nil it keeps nothing. `prepare` makes the file's folder.
  init(path: String?, prepare: @escaping @Sendable (_ folder: String) -> Void = { _ in }) {
    self.path = path
    self.prepare = prepare
  }

  /// Whether there is a file for what is kept.
  var isLasting: Bool { path != nil }

  /// Whether an earlier run kept this key.
  func has(_ key: String) -> Bool {
    state.withLock { state in
      let known = state.known ?? Set(path.map(Self.keys) ?? [])
      state.known = known
      return known.contains(key)
    }
  }

  /// Keeps a key, or keeps it longer.
  func keep(_ key: String) {
    state.withLock { state in
      state.used.removeAll { $0 == key }
      state.used.append(key)
    }
  }

  /// Writes what this run kept or used behind what others wrote.
  func save() {
    let used = state.withLock { state in
      defer { state.used = [] }
      return state.used
    }
    guard let path, !used.isEmpty else { return }
    let own = Set(used)
    let others = Self.keys(in: path).filter { !own.contains($0) }
    let lines = [Self.heading] + (others + used).suffix(Self.most)
    let file = URL(filePath: path)
    prepare(file.deletingLastPathComponent().path)
    try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file, options: .atomic)
  }

  /// The keys in a file; none if a line of it is no key.
  private static func keys(in path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path), data.count <= mostBytes else {
      return []
    }
    let lines = data.split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard lines.first == heading, lines.dropFirst().allSatisfy(isKey) else { return [] }
    return Array(lines.dropFirst())
  }

  /// Whether a line is a SHA-256 and the name of a universe.
  private static func isKey(_ line: String) -> Bool {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    return words.count == 2 && words[0].utf8.count == 64 && words[0].allSatisfy(\.isHexDigit)
      && words[1].contains("/")
  }
}
