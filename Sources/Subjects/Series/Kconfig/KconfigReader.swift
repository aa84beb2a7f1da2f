// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// An entry (`config`, `menuconfig`) of a Kconfig file.
struct KconfigEntry: Sendable {
  let name: String
  let place: KconfigPlace
  /// The conditions of its `depends on` lines and of the blocks around it.
  var dependencies: [KconfigExpression]
  /// The conditions of its prompts.
  var prompts: [KconfigExpression] = []
  /// Its defaults, each combined with its condition.
  var defaults: [KconfigExpression] = []
}

/// A `select` or `imply` line.
struct KconfigSelect: Sendable {
  let target: String
  /// The entry that contains the line; nil if a patch does not show it.
  let by: String?
  let condition: KconfigExpression
  let place: KconfigPlace
}

/// Reads the dependencies, selects and defaults of the entries in one Kconfig file
/// (Documentation/kbuild/kconfig-language.rst). It does not follow `source`.
struct KconfigReader {
  /// Limits for hostile files, far above the needs of any kernel.
  private static let blockLimit = 64
  private static let lineLimit = 100_000

  private(set) var entries: [KconfigEntry] = []
  private(set) var selects: [KconfigSelect] = []
  /// The `depends on` lines with their entries; the entry is nil if a patch does not show it.
  private(set) var dependencies:
    [(entry: String?, expression: KconfigExpression, place: KconfigPlace)] = []

  /// The owner of the attributes that follow.
  private enum Owner { case nothing, entry, block }
  private var owner = Owner.nothing
  private var blocks: [(kind: Substring, conditions: [KconfigExpression])] = []

  /// Reads a whole file.
  init(_ file: SourceFile) throws(Failure) {
    try read(file.lines[...], addedOnly: false)
    guard blocks.isEmpty else {
      throw Failure(.unreadable, "\(file.displayName): a block (if, menu, choice) is never closed")
    }
  }

  /// Reads the lines that a patch adds to a file; it skips lines that are unreadable without the rest.
  init(hunksOf file: SourceFile) {
    for hunk in file.hunks {
      (owner, blocks, entries) = (.nothing, [], [])
      try? read(hunk[...], addedOnly: true)
    }
    entries = []
  }

  private mutating func read(
    _ lines: ArraySlice<SourceLine>, addedOnly: Bool
  ) throws(Failure) {
    var index = lines.startIndex
    while index < lines.endIndex {
      let first = lines[index]
      var text = first.text
      index += 1
      while text.hasSuffix("\\"), index < lines.endIndex {
        text = text.dropLast() + lines[index].text
        index += 1
      }
      let place = KconfigPlace(file: first.displayName, line: first.number)
      guard index - lines.startIndex <= Self.lineLimit else {
        throw Failure(.unreadable, "\(place): more lines than in any kernel's configuration")
      }
      let keyword = text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
      if keyword == "help" || keyword == "---help---" {
        index = Self.helpEnd(lines, from: index)
        continue
      }
      let isStructure = Self.structure.contains(keyword)
      guard isStructure || Self.attributes.contains(keyword) else { continue }
      if addedOnly, !isStructure, !first.isAdded { continue }
      do throws(Failure) {
        try read(try KconfigLine(text, at: place), keyword)
      } catch {
        guard addedOnly else { throw error }
      }
    }
  }

  private static let structure: Set<Substring> = [
    "config", "menuconfig", "choice", "endchoice", "menu", "endmenu", "if", "endif", "comment",
  ]
  private static let attributes: Set<Substring> = [
    "depends", "select", "imply", "bool", "boolean", "tristate", "prompt", "def_bool",
    "def_tristate", "default",
  ]

  /// The index after a help text, whose lines are indented at least as far as the first one.
  private static func helpEnd(_ lines: ArraySlice<SourceLine>, from start: Int) -> Int {
    func indentation(_ text: String) -> Int? {
      var columns = 0
      for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: " "): columns += 1
        case UInt8(ascii: "\t"): columns = (columns / 8 + 1) * 8
        default: return columns
        }
      }
      return nil
    }
    var index = start
    var least: Int?
    while index < lines.endIndex {
      if let found = indentation(lines[index].text) {
        if found == 0 || found < least ?? 1 { break }
        least = least ?? found
      }
      index += 1
    }
    return index
  }

  private mutating func read(
    _ line: KconfigLine, _ keyword: Substring
  ) throws(Failure) {
    switch keyword {
    case "config", "menuconfig":
      guard line.words.count == 2, let name = line.words[1].text else {
        throw Failure(.unreadable, "\(line.place): \(keyword) needs a name")
      }
      owner = .entry
      entries.append(
        KconfigEntry(name: name, place: line.place, dependencies: blocks.flatMap(\.conditions)))
    case "comment": owner = .nothing
    case "if": try open(keyword, [try KconfigExpression.read(line, from: 1).expression], line)
    case "menu", "choice": try open(keyword, [], line)
    case "endif", "endmenu", "endchoice":
      // The visible text of a patch may begin inside the block.
      if blocks.last?.kind == keyword.dropFirst(3) { blocks.removeLast() }
      owner = .nothing
    default: try readAttribute(line, keyword)
    }
  }

  private mutating func open(
    _ kind: Substring, _ conditions: [KconfigExpression], _ line: KconfigLine
  ) throws(Failure) {
    guard blocks.count < Self.blockLimit else {
      throw Failure(.unreadable, "\(line.place): blocks nested deeper than \(Self.blockLimit)")
    }
    blocks.append((kind, conditions))
    owner = kind == "if" ? .nothing : .block
  }

  private mutating func readAttribute(
    _ line: KconfigLine, _ keyword: Substring
  ) throws(Failure) {
    let entry = owner == .entry ? entries.indices.last : nil
    switch keyword {
    case "depends":
      guard line.words.dropFirst().first == .name("on") else {
        throw Failure(.unreadable, "\(line.place): \"depends\" without \"on\"")
      }
      let expression = try KconfigExpression.read(line, from: 2).expression
      switch owner {
      case .entry: entries[entries.count - 1].dependencies.append(expression)
      case .block: blocks[blocks.count - 1].conditions.append(expression)
      case .nothing: break
      }
      if owner != .block {
        dependencies.append((entry.map { entries[$0].name }, expression, line.place))
      }
    case "select", "imply":
      guard let target = line.words.dropFirst().first?.text else {
        throw Failure(.unreadable, "\(line.place): \(keyword) needs a name")
      }
      selects.append(
        KconfigSelect(
          target: target, by: entry.map { entries[$0].name },
          condition: try Self.condition(line, from: 2), place: line.place))
    case "def_bool", "def_tristate", "default":
      let (value, end) = try KconfigExpression.read(line, from: 1)
      let condition = try Self.condition(line, from: end)
      if let entry { entries[entry].defaults.append(.all([value, condition])) }
    default:
      // `bool`, `tristate` and `prompt` with a text.
      guard let entry, line.words.count > 1 else { return }
      entries[entry].prompts.append(try Self.condition(line, from: 2))
    }
  }

  /// The condition after `if`; `y` if there is none.
  private static func condition(
    _ line: KconfigLine, from index: Int
  ) throws(Failure) -> KconfigExpression {
    guard index < line.words.count, line.words[index] == .name("if") else { return .constant(true) }
    return try KconfigExpression.read(line, from: index + 1).expression
  }
}
