// SPDX-License-Identifier: GPL-2.0-only

/// The files of a kernel tree that are read for one purpose, besides `KernelPath.main`.
struct KernelFiles: Sendable {
  /// Files directly in a folder, by the beginning and the ending of their names.
  struct Place: Sendable {
    let folder: String
    var beginning = ""
    var ending = ""
    /// The whole name, for a single file.
    var name: String?

    /// Whether the place includes a file of that name.
    func has(_ name: Substring) -> Bool {
      if let only = self.name { return name == only }
      return name.hasPrefix(beginning) && name.hasSuffix(ending)
    }
  }

  /// The places in order of importance: the first file that defines a name supplies it.
  let places: [Place]
  /// The places of files that are read from patches; they include subfolders.
  let patched: [Place]
  /// Whether the files serve to judge a series.
  var isForSeries = false

  /// The files for subjects: they contain the helpers of the hotplug code, and the generic code that
  /// populates the memmap.
  static let subject = KernelFiles(
    places: sources, patched: patchedSources)

  /// The files for judging a series: the sources and headers of the architecture, both parts of the
  /// page-table dump, and the configuration that decides whether any of it is built.
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

  /// A folder here includes its subfolders.
  private static let patchedSources = ["arch/riscv", "mm", "include"].flatMap {
    [Place(folder: $0, ending: ".c"), Place(folder: $0, ending: ".h")]
  }

  /// These files, and some files of a tree by their paths.
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

  /// The path of a file within its kernel tree, from its own path; nil if it is not read from trees.
  func pathInTree(of path: String) -> String? {
    if isReadFromTrees(path) { return path }
    for index in path.indices where path[index] == "/" {
      let rest = String(path[path.index(after: index)...])
      if isReadFromTrees(rest) { return rest }
    }
    return nil
  }

  /// Whether the file at `path` (within the kernel tree) is read from trees.
  func isReadFromTrees(_ path: String) -> Bool { rank(path) < places.count }

  /// Whether a patch's file `path` can contain text that the harness reads.
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

  /// The path of an archive member within the kernel tree, and the prefix before it; nil for members that are
  /// not read, for absolute paths and for paths with `..`.
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
