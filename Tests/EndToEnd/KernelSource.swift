// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

/// Kernel sources of Debian, which the program fetches into the user's own cache.
///
/// This package never contains kernel text. Where it cannot be fetched, `KernelSource.areThere` disables the
/// tests that need it and prints the reason.
struct KernelSource: Sendable {
  static let mainPath = "arch/riscv/mm/init.c"

  /// The folder of the tree.
  var tree: String
  /// The text of `mainPath`.
  var text: String

  /// The package with the hotplug code and all of its fixes.
  static let withHotplug = "linux-source-6.12"
  /// The package of a kernel older than the hotplug code.
  static let without = "linux-source-6.1"

  /// Whether both packages are there or can be fetched; if not, the reason is printed.
  static func areThere() async -> Bool {
    do {
      _ = try await (new.value, old.value)
      return true
    } catch {
      print("kernel sources are needed and not there: \(error)")
      return false
    }
  }

  /// The tree of `withHotplug`.
  static let new = Task { try await fetched(withHotplug) }
  /// The tree of `without`.
  static let old = Task { try await fetched(without) }

  private struct NotThere: Error, CustomStringConvertible {
    var description: String
  }

  /// Makes the program fetch a package by a replay of one case on it. The case itself can fail, as on a
  /// kernel without the functions; the tree only has to be in the cache afterwards.
  private static func fetched(_ package: String) async throws -> KernelSource {
    let outcome = try await Program.run(
      ["replay", "vmemmap-free/a-section@sv39", "debian:\(package)"])
    let folder = "\(try cache())/debian/\(package)"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let trees = versions.map { "\(folder)/\($0)" }.filter {
      FileManager.default.fileExists(atPath: "\($0)/complete")
    }
    let newest = trees.max { Self.date($0) < Self.date($1) }
    guard let tree = newest, let data = FileManager.default.contents(atPath: "\(tree)/\(mainPath)")
    else { throw NotThere(description: "\(package): \(outcome.errors)") }
    return KernelSource(tree: tree, text: String(decoding: data, as: UTF8.self))
  }

  private static func date(_ tree: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(tree)/complete")
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  /// The user's cache folder, by the same rules as in the program.
  static func cache() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["MHPCHECK_CACHE"] { return named }
    if let base = environment["XDG_CACHE_HOME"] { return "\(base)/mhpcheck" }
    guard let home = environment["HOME"] else { throw NotThere(description: "no HOME") }
    return "\(home)/.cache/mhpcheck"
  }
}
