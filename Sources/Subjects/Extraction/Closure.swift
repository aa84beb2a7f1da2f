// SPDX-License-Identifier: GPL-2.0-only

/// Chooses the items that a subject's functions of the surface need.
struct Closure {
  /// Bounds on what is compiled, far above what the surface of any kernel reaches (some fifty
  /// definitions): they keep hostile text from taking hours.
  private static let itemLimit = 4096
  private static let byteLimit = 1 << 20

  private let files: [ParsedFile]
  private let definitions: [[String: [Int]]]
  private let stubs: StubNames
  /// The functions of the surface that are asked for.
  private let roots: Set<String>
  /// The items chosen in each file, by their index.
  private(set) var chosen: [Set<Int>]
  /// The names that chosen functions, macros and others use, by file and item.
  private(set) var uses: [[Int: Set<String>]]

  /// The names that chosen macros use, by macro.
  var macroUses: [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for file in files.indices {
      for (index, names) in uses[file] where files[file].items[index].kind == .macro {
        for name in files[file].items[index].names { result[name, default: []].formUnion(names) }
      }
    }
    return result
  }

  /// Files are in order of importance: a name comes from the first that defines it.
  ///
  /// - Throws: when the surface reaches more than any kernel's does.
  init(_ files: [ParsedFile], stubs: StubNames, roots: Set<String>) throws(SubjectError) {
    self.files = files
    self.roots = roots
    self.stubs = stubs
    definitions = files.map { $0.definitions() }
    chosen = Array(repeating: [], count: files.count)
    uses = Array(repeating: [:], count: files.count)
    try grow()
    addPrototypes()
  }

  /// The functions of the surface that are chosen: file and item.
  func surface() -> [(file: Int, item: Int, name: String)] {
    var result: [(file: Int, item: Int, name: String)] = []
    for file in files.indices {
      for index in chosen[file].sorted() {
        let item = files[file].items[index]
        guard item.kind == .function, let name = item.names.first else { continue }
        if roots.contains(name) { result.append((file, index, name)) }
      }
    }
    return result
  }

  private mutating func grow() throws(SubjectError) {
    var visited: Set<String> = []
    var (items, bytes) = (0, 0)
    // Sorted, so that the same text always gives the same unit.
    var work = (roots.sorted() + [SurfaceNames.preparation]).filter { name in
      files.indices.contains { isFunction(name, in: $0) }
    }
    while let name = work.popLast() {
      guard visited.insert(name).inserted else { continue }
      let isSurface = roots.contains(name)
      guard isSurface || !stubs.provides(name) else { continue }
      let source = files.indices.first {
        isSurface ? isFunction(name, in: $0) : definitions[$0][name] != nil
      }
      guard let source else { continue }
      for index in definitions[source][name] ?? [] where chosen[source].insert(index).inserted {
        items += 1
        bytes += files[source].items[index].range.count
        guard items <= Self.itemLimit, bytes <= Self.byteLimit else {
          throw SubjectError(
            message: "the functions that are checked reach more than \(Self.itemLimit) definitions"
              + " or \(Self.byteLimit >> 20) MiB of text, far more than those of any kernel",
            advice: "is this the kernel's own file, unexpanded by a preprocessor?")
        }
        let names = used(source, index)
        uses[source][index] = names
        work.append(contentsOf: names.sorted())
      }
    }
  }

  private func isFunction(_ name: String, in file: Int) -> Bool {
    (definitions[file][name] ?? []).contains { files[file].items[$0].kind == .function }
  }

  private func used(_ file: Int, _ index: Int) -> Set<String> {
    let item = files[file].items[index]
    let reader = UsedNames(files[file].text)
    var names = reader.used(by: item)
    for branch in item.chain {
      for directive in files[file].groups[branch.group].directives[...branch.branch] {
        names.formUnion(reader.condition(directive))
      }
    }
    return names
  }

  /// The subject's own prototypes of what was chosen come along: they allow its order.
  private mutating func addPrototypes() {
    for file in files.indices {
      let names = Set(chosen[file].flatMap { files[file].items[$0].names })
      for (index, item) in files[file].items.enumerated()
      where item.kind == .prototype && !names.isDisjoint(with: item.names) {
        chosen[file].insert(index)
        uses[file][index] = []
      }
    }
  }
}
