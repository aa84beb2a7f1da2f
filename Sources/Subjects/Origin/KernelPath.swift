// SPDX-License-Identifier: GPL-2.0-only

/// Paths of files in a kernel tree.
package enum KernelPath {
  /// The file with the memory-hotplug code.
  static let main = "arch/riscv/mm/init.c"

  /// Whether `path` stays below the folder that it is relative to.
  package static func isSafe(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }

  /// The path within the kernel tree for `name`, the text after `---` or `+++` in a patch. `name` may have
  /// the one leading folder that diff tools add.
  static func inPatch(_ name: String) -> String {
    if let range = name.firstRange(of: "/arch/riscv/") {
      return String(name[name.index(after: range.lowerBound)...])
    }
    let parts = name.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, !topFolders.contains(String(parts[0])) else { return name }
    return String(parts[1])
  }

  /// The kernel's own top-level folders: a path that begins with one needs no stripping.
  private static let topFolders: Set<String> = [
    "Documentation", "LICENSES", "arch", "block", "certs", "crypto", "drivers", "fs", "include",
    "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "rust", "samples", "scripts",
    "security", "sound", "tools", "usr", "virt",
  ]
}
