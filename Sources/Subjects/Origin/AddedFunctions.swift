// SPDX-License-Identifier: GPL-2.0-only

extension FilePatch {
  /// The functions that the patch adds whole, in its order, without those that it also removes or changes.
  var addedFunctions: [String] {
    guard let new = parsed(without: .removed), let old = parsed(without: .added) else { return [] }
    let former = Set(old.functionItems.map { $0.names[0] } + old.incomplete.map(\.name))
    var names: [String] = []
    for item in new.functionItems where new.lines(of: item).allSatisfy(\.isAdded) {
      let name = item.names[0]
      if !former.contains(name), !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// One side of the hunks.
  private func parsed(without role: HunkLine.Role) -> ParsedFile? {
    var lines: [SourceLine] = []
    var gaps: [Int] = []
    for hunk in hunks {
      gaps.append(lines.count)
      for line in hunk.lines where line.role != role {
        lines.append(
          SourceLine(
            text: line.text, displayName: path, number: line.number, isAdded: line.role == .added))
      }
    }
    let file = SourceFile(path: path, displayName: path, lines: lines, gaps: gaps)
    return try? ItemParser.parse(SplicedText(file), isStrict: false)
  }

  /// Whether it indents with blanks and has no tab.
  var isIndentedWithBlanks: Bool {
    let lines = hunks.flatMap(\.lines)
    return lines.contains { $0.role == .added && $0.text.hasPrefix("    ") }
      && !lines.contains { $0.text.utf8.contains(UInt8(ascii: "\t")) }
  }
}

extension PatchedText {
  /// Of some functions, those that the text defines, in the same order.
  func defined(among names: [String]) -> [String] {
    guard !names.isEmpty, let file = parsed else { return [] }
    let known = Set(file.functionItems.map { $0.names[0] })
    return names.filter(known.contains)
  }

  /// Of some functions that a patch added to a base, those that the base defines wherever the patch does. A definition
  /// under another condition may be for another configuration.
  func repeated(among names: [String]) -> [String] {
    guard !names.isEmpty, let file = parsed else { return [] }
    let all = Dictionary(grouping: file.functionItems) { $0.names[0] }
    return names.filter { name in
      let items = all[name] ?? []
      let added = items.filter { file.lines(of: $0).allSatisfy(\.isAdded) }
      let others = items.filter { !file.lines(of: $0).allSatisfy(\.isAdded) }
      return added.contains { one in
        let conditions = file.conditions(of: one)
        return others.contains { file.conditions(of: $0).isSubset(of: conditions) }
      }
    }
  }

  private var parsed: ParsedFile? {
    let file = SourceFile(path: "", displayName: "", lines: lines)
    return try? ItemParser.parse(SplicedText(file), isStrict: false)
  }
}

extension ParsedFile {
  fileprivate var functionItems: [SourceItem] { items.filter { $0.kind == .function } }

  fileprivate func lines(of item: SourceItem) -> ArraySlice<SourceLine> {
    let first = text.lineIndex(at: item.range.lowerBound)
    return text.file.lines[first...text.lineIndex(at: item.range.upperBound - 1)]
  }

  /// The directives of the conditionals around an item: for each, those up to the item's branch.
  fileprivate func conditions(of item: SourceItem) -> Set<[String]> {
    Set(
      item.chain.map { one in
        groups[one.group].directives[...one.branch].map { directive in
          text.string(directive).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
      })
  }
}
