// SPDX-License-Identifier: GPL-2.0-only

/// Which files of a kernel tree matter to a subject.
enum KernelPath {
  /// The file that holds the memory-hotplug code.
  static let main = "arch/riscv/mm/init.c"

  /// The folders of a whole tree whose files are read beside `main`, with the ending read there:
  /// helpers that the hotplug code reaches are found in them, and the generic code that populates the
  /// memmap.
  static let helperFolders = [
    (folder: "arch/riscv/mm", ending: ".c"), (folder: "arch/riscv/mm", ending: ".h"),
    (folder: "arch/riscv/include/asm", ending: ".h"), (folder: "mm", ending: "sparse-vmemmap.c"),
  ]

  /// Whether `path` (within the kernel tree) is `main` or lies directly in a helper folder.
  static func isReadFromTrees(_ path: String) -> Bool {
    helperFolders.contains { place in
      path.hasPrefix(place.folder + "/") && path.hasSuffix(place.ending)
        && !path.dropFirst(place.folder.count + 1).contains("/")
    }
  }

  /// Whether `path` ranks before `other` among the files read from a tree: sources before headers,
  /// by name within a folder, as names are taken from the first file that defines them.
  static func precedes(_ path: String, _ other: String) -> Bool {
    let (rank, otherRank) = (self.rank(path), self.rank(other))
    return rank == otherRank ? path < other : rank < otherRank
  }

  private static func rank(_ path: String) -> Int {
    helperFolders.firstIndex { path.hasPrefix($0.folder + "/") && path.hasSuffix($0.ending) }
      ?? helperFolders.count
  }

  /// The path within the kernel tree of an archive member `member`, with what stands before it;
  /// nil for members that are not read, and for absolute paths and paths that climb.
  static func inArchive(_ member: String) -> (prefix: String, path: String)? {
    guard isSafe(member) else { return nil }
    if isReadFromTrees(member) { return ("", member) }
    guard
      let start = member.firstRange(of: "/arch/riscv/")?.lowerBound
        ?? member.firstRange(of: "/mm/sparse-vmemmap.c")?.lowerBound
    else { return nil }
    let path = String(member[member.index(after: start)...])
    return isReadFromTrees(path) ? (String(member[...start]), path) : nil
  }

  /// Whether `path` stays below the folder that it is relative to.
  static func isSafe(_ path: String) -> Bool {
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

  /// Whether a patch's file `path` can hold code that the harness reads.
  static func isReadFromPatches(_ path: String) -> Bool {
    guard path.hasSuffix(".c") || path.hasSuffix(".h") else { return false }
    return ["arch/riscv/", "mm/", "include/"].contains { path.hasPrefix($0) }
  }

  /// The first folder of a path that needs no stripping, because it is one of the kernel's own.
  private static let topFolders: Set<String> = [
    "Documentation", "LICENSES", "arch", "block", "certs", "crypto", "drivers", "fs", "include",
    "init", "io_uring", "ipc", "kernel", "lib", "mm", "net", "rust", "samples", "scripts",
    "security", "sound", "tools", "usr", "virt",
  ]
}
