// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Chooses the items that the subject's functions of the surface need.
struct Closure {
  /// Limits of the closure, far above the needs of any kernel's surface (some fifty definitions): they keep
  /// hostile text from taking hours.
  private static let itemLimit = 4096
  private static let byteLimit = 1 << 20

  private let files: [ParsedFile]
  private let definitions: [[String: [Int]]]
  private let stubs: StubNames
  /// The subject's own definitions of names that the stub headers provide.
  let own: OwnDefinitions
  /// The functions of the surface to start from.
  private let roots: Set<String>
  /// Names that come from outside the files. The closure takes no definition of them.
  private let elsewhere: Set<String>
  /// The indices of the chosen items, by file.
  private(set) var chosen: [Set<Int>]
  /// The names that chosen items use, by file and item.
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

  /// Chooses from files in order of importance: the first file that defines a name supplies it.
  ///
  /// - Throws: if the surface exceeds the limits, or a macro redefines a word of C.
  init(
    _ files: [ParsedFile], stubs: StubNames, roots: Set<String>, elsewhere: Set<String> = []
  ) throws(Failure) {
    self.files = files
    self.elsewhere = elsewhere
    self.roots = roots
    self.stubs = stubs
    definitions = files.map { $0.definitions() }
    own = try OwnDefinitions(files, stubs: stubs)
    chosen = Array(repeating: [], count: files.count)
    uses = Array(repeating: [:], count: files.count)
    try grow()
    addPrototypes()
  }

  /// The harness's own names, which no kernel text uses.
  var harness: HarnessNames { HarnessNames(stubs) }

  /// The chosen functions of the surface.
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

  /// Whether the stub headers or the subject define a name.
  func knows(_ name: String) -> Bool {
    stubs.provides(name) || definitions.contains { $0[name] != nil }
  }

  private mutating func grow() throws(Failure) {
    var visited: Set<String> = []
    var (count, bytes) = (0, 0)
    // Sort, so that the same text always gives the same unit.
    var work = (roots.sorted() + [SurfaceNames.preparation]).filter { name in
      files.indices.contains { isFunction(name, in: $0) }
    }
    while let name = work.popLast() {
      guard visited.insert(name).inserted, !elsewhere.contains(name) else { continue }
      let found: [(file: Int, items: [Int])]
      if !roots.contains(name), stubs.provides(name) {
        work.append(contentsOf: stubs.used(byMacro: name).sorted())
        found = files.indices.map { ($0, own.places(of: name, in: $0)) }
      } else {
        let source = files.indices.first {
          roots.contains(name) ? isFunction(name, in: $0) : definitions[$0][name] != nil
        }
        found = source.map { [($0, definitions[$0][name] ?? [])] } ?? []
      }
      for (file, items) in found {
        for index in items where chosen[file].insert(index).inserted {
          count += 1
          bytes += files[file].items[index].range.count
          guard count <= Self.itemLimit, bytes <= Self.byteLimit else { throw Self.excess }
          let names = used(file, index)
          uses[file][index] = names
          work.append(contentsOf: names.sorted())
        }
      }
    }
  }

  private static let excess = Failure(
    .unreadable,
    "the functions that are checked use more than \(itemLimit) definitions"
      + " or \(byteLimit >> 20) MiB of text, far more than those of any kernel",
    advice: "is this the kernel's own file, unexpanded by a preprocessor?")

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

  /// Adds the subject's own prototypes of chosen items, because the order of the items may rely on them.
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
