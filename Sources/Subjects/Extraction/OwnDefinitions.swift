// SPDX-License-Identifier: GPL-2.0-only

/// The definitions by which a subject gives names of the stub headers a meaning of its own: they win,
/// from where they stand to the end of their file, as they would in a kernel.
struct OwnDefinitions {
  /// Which definitions of a file count.
  private enum Scope {
    /// All: the functions that are checked stand in this file.
    case whole
    /// Macros: the file is generic code of the kernel, and the harness stands in for what it calls.
    case macros
    /// What a patch brings to a header. The rest of a header is the kernel's, as the stub headers have it.
    case added
    case none
  }

  /// The kernel's own variables that `arch/riscv/mm/init.c` defines: the machine holds them.
  private static let heldByMachine: Set<String> = [
    "kernel_map", "pgtable_l4_enabled", "pgtable_l5_enabled", "phys_ram_base", "pt_ops",
    "swapper_pg_dir", "vmemmap_start_pfn",
  ]

  private let items: [[String: [Int]]]
  private let files: [ParsedFile]

  /// Looks through files in order of importance.
  ///
  /// - Throws: for a macro that changes the language itself.
  init(_ files: [ParsedFile], stubs: StubNames) throws(SubjectError) {
    self.files = files
    for (index, file) in files.enumerated() {
      let scope = Self.scope(of: file, isFirst: index == 0)
      for item in file.items where item.kind == .macro && Self.counts(item, scope, in: file) {
        try Self.checkWord(item, in: file.text)
      }
    }
    items = files.indices.map { index in
      let file = files[index]
      let scope = Self.scope(of: file, isFirst: index == 0)
      var found: [String: [Int]] = [:]
      for (place, item) in file.items.enumerated() where Self.counts(item, scope, in: file) {
        for name in item.names
        where stubs.provides(name) && !SurfaceNames.all.contains(name)
          && name != SurfaceNames.preparation && !Self.isHeld(name, by: item, in: file)
        {
          found[name, default: []].append(place)
        }
      }
      return found
    }
  }

  /// The places of a file's own definitions of a name.
  func places(of name: String, in file: Int) -> [Int] { items[file][name] ?? [] }

  /// The stub headers' names that chosen items of a file define anew, sorted.
  func names(in file: Int, among chosen: Set<Int>) -> [String] {
    items[file].filter { !chosen.isDisjoint(with: $0.value) }.keys.sorted()
  }

  /// The lines that have to stand before a function or a variable of the subject's, so that neither the
  /// stub headers' function nor their macro is in its way.
  func renaming(_ item: Int, of file: Int) -> [String] {
    let source = files[file].items[item]
    let own: [String] =
      switch source.kind {
      case .function: Array(source.names.prefix(1))
      case .prototype, .declaration: source.names
      case .macro: []
      }
    return own.filter { items[file][$0] != nil }
      .flatMap { ["#undef \($0)", "#define \($0) mhp_own\(file)_\($0)"] }
  }

  /// Throws for a definition that cannot be honoured.
  func check(_ item: Int, of file: Int) throws(SubjectError) {
    let (source, text) = (files[file].items[item], files[file].text)
    for name in source.names where name.hasPrefix("struct ") && items[file][name] != nil {
      throw SubjectError(
        message:
          "\(text.location(source.range.lowerBound)): \(name) is defined here, and the machine"
          + " that the functions run on has one of its own",
        advice: "take it out, so that the kernel's counts")
    }
  }

  private static func checkWord(
    _ item: SourceItem, in text: SplicedText
  ) throws(SubjectError) {
    for name in item.names where CKeyword.isReserved(name) || name.hasPrefix("__builtin_") {
      throw SubjectError(
        message: "\(text.location(item.range.lowerBound)): \(name) is a word of the language, and"
          + " this macro makes another of it", advice: "take it out")
    }
  }

  private static func scope(of file: ParsedFile, isFirst: Bool) -> Scope {
    let path = file.text.file.path
    let hasSurface = file.items.contains {
      $0.kind == .function && SurfaceNames.all.contains($0.names[0])
    }
    if path.hasSuffix(".h"), !isFirst {
      return file.text.file.lines.contains { !$0.isAdded } ? .added : .none
    }
    if path.hasPrefix("mm/") { return hasSurface ? .macros : .none }
    return hasSurface || isFirst ? .whole : .none
  }

  private static func counts(_ item: SourceItem, _ scope: Scope, in file: ParsedFile) -> Bool {
    guard item.kind != .prototype else { return false }
    switch scope {
    case .none: return false
    case .whole: return true
    case .macros: return item.kind == .macro
    case .added:
      let lines =
        file.text.lineIndex(
          at: item.range.lowerBound)...file.text.lineIndex(at: item.range.upperBound - 1)
      return file.text.file.lines[lines].contains(where: \.isAdded)
    }
  }

  private static func isHeld(_ name: String, by item: SourceItem, in file: ParsedFile) -> Bool {
    item.kind == .declaration && heldByMachine.contains(name) && !isStatic(item, in: file.text)
  }

  private static func isStatic(_ item: SourceItem, in text: SplicedText) -> Bool {
    let end = item.body ?? item.range.upperBound
    return CLexer.tokens(text, item.range.lowerBound..<end).contains {
      $0.kind == .identifier && text.string($0) == "static"
    }
  }
}
