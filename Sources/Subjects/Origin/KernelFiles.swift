// SPDX-License-Identifier: GPL-2.0-only

/// The files of a kernel tree that are read for one purpose, beside `KernelPath.main`.
struct KernelFiles: Sendable {
  /// Files that lie directly in a folder, by how their names begin and end.
  struct Place: Sendable {
    let folder: String
    var beginning = ""
    var ending = ""
    /// The whole name, where only one is meant.
    var name: String?

    /// Whether a file of that name is meant.
    func has(_ name: Substring) -> Bool {
      if let only = self.name { return name == only }
      return name.hasPrefix(beginning) && name.hasSuffix(ending)
    }
  }

  /// In order of importance, as names are taken from the first file that defines them.
  let places: [Place]
  /// The folders and the beginnings and endings of files that patches are read for.
  let patched: [Place]
  /// Whether a series is judged by them.
  var isForSeries = false

  /// What subjects are cut out of: helpers that the hotplug code reaches are found in these, and the
  /// generic code that populates the memmap.
  static let subject = KernelFiles(
    places: sources, patched: patchedSources)

  /// What a series is judged by: the sources and headers of the architecture, the page-table dump on
  /// both sides, and the configuration that decides whether any of it is built.
  static let series = KernelFiles(
    places: sources + [Place(folder: "mm", beginning: "ptdump", ending: ".c")] + configuration,
    patched: patchedSources + configuration, isForSeries: true)

  private static let sources = [
    Place(folder: "arch/riscv/mm", ending: ".c"), Place(folder: "arch/riscv/mm", ending: ".h"),
    Place(folder: "arch/riscv/include/asm", ending: ".h"),
    Place(folder: "mm", beginning: "sparse-vmemmap", ending: ".c"),
    Place(folder: "include/linux", beginning: "pgtable.", ending: "h"),
  ]

  private static let configuration = ["arch/riscv", "mm", "drivers/virtio"].map {
    Place(folder: $0, beginning: "Kconfig")
  }

  /// Their folders stand for all that lies below, too.
  private static let patchedSources = ["arch/riscv", "mm", "include"].flatMap {
    [Place(folder: $0, ending: ".c"), Place(folder: $0, ending: ".h")]
  }

  /// The same with some files of a tree by their paths.
  func adding(_ paths: Set<String>) -> KernelFiles {
    let new = paths.filter { !isReadFromTrees($0) && KernelPath.isSafe($0) }.sorted()
    let places = new.compactMap { path -> Place? in
      guard let slash = path.lastIndex(of: "/") else { return nil }
      return Place(
        folder: String(path[..<slash]), name: String(path[path.index(after: slash)...]))
    }
    return KernelFiles(
      places: self.places + places, patched: patched, isForSeries: isForSeries)
  }

  /// The path within a kernel tree of a file that lies in one, by its own path; nil for any other.
  func pathInTree(of path: String) -> String? {
    if isReadFromTrees(path) { return path }
    for index in path.indices where path[index] == "/" {
      let rest = String(path[path.index(after: index)...])
      if isReadFromTrees(rest) { return rest }
    }
    return nil
  }

  /// Whether `path` (within the kernel tree) is read from trees.
  func isReadFromTrees(_ path: String) -> Bool { rank(path) < places.count }

  /// Whether a patch's file `path` can hold what the harness reads.
  func isReadFromPatches(_ path: String) -> Bool {
    guard let name = path.split(separator: "/").last else { return false }
    return patched.contains { path.hasPrefix($0.folder + "/") && $0.has(name) }
  }

  /// Whether `path` ranks before `other` among the files read from a tree: by place, then by name.
  func precedes(_ path: String, _ other: String) -> Bool {
    let (rank, otherRank) = (self.rank(path), self.rank(other))
    return rank == otherRank ? path < other : rank < otherRank
  }

  private func rank(_ path: String) -> Int {
    guard let slash = path.lastIndex(of: "/") else { return places.count }
    let name = path[path.index(after: slash)...]
    return places.firstIndex { path[..<slash] == $0.folder && $0.has(name) } ?? places.count
  }

  /// The path within the kernel tree of an archive member `member`, with what stands before it;
  /// nil for members that are not read, and for absolute paths and paths that climb.
  func inArchive(_ member: String) -> (prefix: String, path: String)? {
    guard KernelPath.isSafe(member) else { return nil }
    if isReadFromTrees(member) { return ("", member) }
    for folder in Set(places.map(\.folder)).sorted() {
      guard let found = member.firstRange(of: "/\(folder)/") else { continue }
      let path = String(member[member.index(after: found.lowerBound)...])
      if isReadFromTrees(path) { return (String(member[...found.lowerBound]), path) }
    }
    return nil
  }
}
