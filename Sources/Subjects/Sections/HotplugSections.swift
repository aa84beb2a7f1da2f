// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The definitions in a subject's text that memory hotplug reaches, and those of them that the kernel frees
/// after boot.
///
/// The call graph consists of names: a function reaches every name in its text except for its own variables,
/// also through macros. Marks such as `__ref`, which only silence the kernel's own check, excuse nothing.
public struct HotplugSections: Sendable {
  /// A definition that hotplug reaches although the kernel frees it after boot.
  public struct Fault: Sendable, Hashable {
    /// The reached definition.
    public let target: AttributedName
    /// The names from the entry point to the target.
    public let path: [String]
  }

  /// The faults, in the order in which they were found.
  public let faults: [Fault]
  /// The reached functions that make page tables, with their lifetimes; for a patch, those with an added
  /// header.
  public let makers: [AttributedName]
  /// The names of the entry points that the subject defines.
  public let entries: [String]
  /// The number of reached functions.
  public let reached: Int

  /// The functions that generic code calls for hot-add and hot-remove.
  private static let entryPoints = [
    "arch_add_memory", "arch_remove_memory", "vmemmap_populate", "vmemmap_free",
    "arch_get_mappable_range",
  ]
  /// The functions with which hot-add must make mappings, even if nothing calls them yet.
  private static let mapping = ["create_linear_mapping_range", "create_pgd_mapping"]
  /// The functions that make page tables in a running kernel; `pt_ops` points to them.
  private static let late = Set(
    ["pte", "pmd", "pud", "p4d"].flatMap { ["alloc_\($0)_late", "get_\($0)_virt_late"] })
  /// Functions in commit fe122b89da67, and in no other commit of the series.
  private static let makerNames = late.union(
    ["pte", "pmd", "pud", "p4d", "pgd"].map { "create_\($0)_mapping" })

  /// Reads a subject. In a patch, where functions may have no end, it reads only headers.
  public init(_ subject: SubjectText) throws(Failure) {
    let shown = HeaderScan.headers(of: Self.makerNames, in: subject)
    if subject.isFragment {
      makers = shown.filter(\.isAdded)
      faults = makers.filter { $0.lifetime == .boot }.map { Fault(target: $0, path: [$0.name]) }
      entries = []
      reached = makers.count
      return
    }
    var graph = try TextGraph(subject)
    let starts = (Self.entryPoints + Self.mapping).filter(graph.isFunction)
    graph.walk(from: starts, through: ["pt_ops": Self.late])
    faults = graph.faults
    makers = shown.filter { graph.visited.contains($0.name) }
    entries = starts.filter(Self.entryPoints.contains)
    reached = graph.visited.count(where: graph.isFunction)
  }
}

/// The references between names in the architecture's files of a subject.
private struct TextGraph {
  private let files: [ParsedFile]
  private let definitions: [[String: [Int]]]
  private(set) var visited: Set<String> = []
  private(set) var faults: [HotplugSections.Fault] = []

  init(_ subject: SubjectText) throws(Failure) {
    var files: [ParsedFile] = []
    let main = subject.files.first { $0.path == KernelPath.main } ?? subject.files.first
    for file in subject.files where file == main || file.path.hasPrefix("arch/riscv/") {
      guard file.path.hasSuffix(".c") || file.path.hasSuffix(".h") else { continue }
      files.append(try ItemParser.parse(SplicedText(file), isStrict: file == main))
    }
    self.files = files
    definitions = files.map { $0.definitions() }
  }

  func isFunction(_ name: String) -> Bool {
    zip(files, definitions).contains { file, definitions in
      (definitions[name] ?? []).contains { file.items[$0].kind == .function }
    }
  }

  /// Visits all names that `starts` reach; `links` are the names that a variable stands for.
  mutating func walk(from starts: [String], through links: [String: Set<String>]) {
    var work = starts.map { ($0, [$0]) }
    visited = Set(starts)
    while !work.isEmpty {
      let (name, path) = work.removeFirst()
      let items = items(named: name)
      var next = links[name] ?? []
      for (file, item) in items {
        let found = attributed(name, item, file)
        if found.lifetime == .boot {
          faults.append(HotplugSections.Fault(target: found, path: path))
        } else {
          next.formUnion(UsedNames(file.text).used(by: item))
        }
      }
      for other in next.sorted() where visited.insert(other).inserted {
        work.append((other, path + [other]))
      }
    }
  }

  /// The definitions of a name in the first file that has any.
  private func items(named name: String) -> [(ParsedFile, SourceItem)] {
    for (file, definitions) in zip(files, definitions) {
      if let found = definitions[name] { return found.map { (file, file.items[$0]) } }
    }
    return []
  }

  private func attributed(
    _ name: String, _ item: SourceItem, _ file: ParsedFile
  ) -> AttributedName {
    let end = item.body ?? item.range.upperBound
    let tokens = CLexer.tokens(file.text, item.range.lowerBound..<end)
    // The words of a macro belong to its expansion.
    let header =
      item.kind == .macro ? [] : tokens.prefix { !$0.isPunctuator("=") && !$0.isPunctuator("{") }
    let words = header.filter { $0.kind == .identifier }.map { file.text.string($0) }
    let place =
      header.first { $0.kind == .identifier && file.text.string($0) == name }
      ?? tokens.first
    let offset = place?.start ?? item.range.lowerBound
    let line = file.text.file.lines[file.text.lineIndex(at: offset)]
    return AttributedName(
      name: name, lifetime: .init(words: words), place: file.text.location(offset),
      isAdded: line.isAdded)
  }
}
