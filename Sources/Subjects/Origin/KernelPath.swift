// SPDX-License-Identifier: GPL-2.0-only

/// Which files of a kernel tree matter to a subject.
package enum KernelPath {
  /// The file that holds the memory-hotplug code.
  static let main = "arch/riscv/mm/init.c"

  /// Whether `path` stays below the folder that it is relative to.
  package static func isSafe(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
  }

  /// The path within the kernel tree that a patch means by `name` (the text behind `---` or
  /// `+++`): with or without the one leading folder that diff tools put there.
  static func inPatch(_ name: String) -> String {
    if let range = name.firstRange(of: "/arch/riscv/") {
      return String(name[name.index(after: range.lowerBound)...])
    }
    let parts = name.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, !topFolders.contains(String(parts[0])) else { return name }
    return String(parts[1])
  }

  /// The first folder of a path that needs no stripping, because it is one of the kernel's own.
  private static let topFolders: Set<String> = [
    "Documentation", "LICENSES", "arch", "block", "certs", "crypto", "drivers", "fs", "include",
    "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "rust", "samples", "scripts",
    "security", "sound", "tools", "usr", "virt",
  ]
}
