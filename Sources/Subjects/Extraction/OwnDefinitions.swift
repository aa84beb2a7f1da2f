// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The subject's own definitions of names that the stub headers provide. They override the stub headers, from
/// their place to the end of their file, as in a kernel.
struct OwnDefinitions {
  /// The definitions of a file that count.
  private enum Scope {
    /// All: this file contains functions to check.
    case whole
    /// Macros: the file is generic code of the kernel, and the harness replaces the functions that it calls.
    case macros
    /// Definitions that a patch adds to a header. The stub headers have the rest of the header.
    case added
    case none
  }

  /// The kernel's variables that `arch/riscv/mm/init.c` defines and the machine holds.
  private static let heldByMachine: Set<String> = [
    "kernel_map", "pgtable_l4_enabled", "pgtable_l5_enabled", "phys_ram_base", "pt_ops",
    "swapper_pg_dir", "vmemmap_start_pfn",
  ]

  private let items: [[String: [Int]]]
  private let files: [ParsedFile]

  /// Searches files in order of importance.
  ///
  /// - Throws: for a macro that redefines a word of C.
  init(_ files: [ParsedFile], stubs: StubNames) throws(Failure) {
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

  /// The indices of a file's own definitions of a name.
  func places(of name: String, in file: Int) -> [Int] { items[file][name] ?? [] }

  /// The stub headers' names that chosen items of a file redefine, sorted.
  func names(in file: Int, among chosen: Set<Int>) -> [String] {
    items[file].filter { !chosen.isDisjoint(with: $0.value) }.keys.sorted()
  }

  /// The lines that must precede a function or variable of the subject, so that it does not conflict with the
  /// stub headers' function or macro.
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

  /// Throws for a definition of a struct that the stub headers define, because the machine has its own.
  func check(_ item: Int, of file: Int) throws(Failure) {
    let (source, text) = (files[file].items[item], files[file].text)
    for name in source.names where name.hasPrefix("struct ") && items[file][name] != nil {
      throw Failure(
        .unreadable,
        "\(text.location(source.range.lowerBound)): \(name) is defined here, but the machine"
          + " that the functions run on has its own",
        advice: "remove it, so that the kernel's definition is used")
    }
  }

  private static func checkWord(
    _ item: SourceItem, in text: SplicedText
  ) throws(Failure) {
    for name in item.names where CKeyword.isReserved(name) || name.hasPrefix("__builtin_") {
      throw Failure(
        .unreadable,
        "\(text.location(item.range.lowerBound)): this macro redefines the C keyword \(name)",
        advice: "remove it")
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
