// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Reads files of the configuration language (Documentation/kbuild/kconfig-language.rst) into a model.
///
/// Of `source` it follows what leads to a file that is there; the rest of a kernel's configuration is
/// left out, and its symbols are undefined.
struct KconfigReader {
  /// The symbol that says whether there are modules.
  static let modules = "MODULES"
  /// Bounds far above any kernel's, for hostile files.
  private static let sourceLimit = 32
  private static let blockLimit = 64
  private static let lineLimit = 300_000

  private let files: [String: SourceFile]
  private let isLenient: Bool
  var model = KconfigModel()
  private var blocks: [Block] = []
  /// The files that are being read, the outermost first.
  private var open: [String] = []
  private var lineCount = 0
  /// Where nothing but the attributes of an entry may stand.
  private var entry: KconfigEntry?

  /// What is open: an `if`, a `menu` or a `choice`.
  private struct Block {
    enum Kind { case condition, menu, choice }
    let kind: Kind
    let place: KconfigPlace
    /// How many files were open where it began.
    let depth: Int
    /// What its members depend on, those around it included.
    var dependency: KconfigExpression
    /// When its members' prompts are shown, by `visible if`.
    var visibility: KconfigExpression
    var choice: Int?
  }

  /// Reads files; those in `roots` are read, in order, and what they lead to among `files`.
  ///
  /// - Parameter isLenient: skips lines that mean nothing, as in the part of a file that a patch shows.
  static func model(
    of roots: [String], in files: [SourceFile], isLenient: Bool = false
  ) throws(KconfigError) -> KconfigModel {
    var reader = KconfigReader(
      files: Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first }),
      isLenient: isLenient)
    for root in roots {
      if let file = reader.files[root] { try reader.read(file) }
    }
    return reader.model
  }

  private init(files: [String: SourceFile], isLenient: Bool) {
    self.files = files
    self.isLenient = isLenient
  }

  private mutating func read(_ file: SourceFile) throws(KconfigError) {
    open.append(file.path)
    var index = 0
    while index < file.lines.count {
      var text = file.lines[index].text
      let place = KconfigPlace(
        file: file.lines[index].displayName, line: file.lines[index].number,
        isAdded: file.lines[index].isAdded)
      let start = index
      index += 1
      while text.hasSuffix("\\"), index < file.lines.count {
        text = text.dropLast() + file.lines[index].text
        index += 1
      }
      lineCount += index - start
      guard lineCount <= Self.lineLimit else {
        throw KconfigError("\(place): more lines than any kernel's configuration has")
      }
      do throws(KconfigError) {
        let line = try KconfigLine(text, at: place)
        guard let keyword = line.keyword else {
          if line.words.isEmpty { continue }
          throw KconfigError("\(place): no line of the configuration language begins like this")
        }
        if keyword == "help" || keyword == "---help---", line.words.count == 1 {
          index = Self.helpEnd(file.lines, from: index)
        } else {
          try read(line, keyword)
        }
      } catch {
        guard isLenient else { throw error }
      }
    }
    try finishEntry()
    while let block = blocks.last, block.depth >= open.count {
      guard isLenient else { throw KconfigError("\(block.place): this block is never closed") }
      blocks.removeLast()
    }
    open.removeLast()
  }

  /// The index behind a help text: it is indented at least as far as its first line.
  private static func helpEnd(_ lines: [SourceLine], from start: Int) -> Int {
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
    while index < lines.count {
      if let found = indentation(lines[index].text) {
        if found == 0 || found < least ?? 1 { break }
        least = least ?? found
      }
      index += 1
    }
    return index
  }

  private mutating func read(_ line: KconfigLine, _ keyword: String) throws(KconfigError) {
    switch keyword {
    case "config", "menuconfig":
      try finishEntry()
      guard line.words.count == 2, let name = line.words[1].text else {
        throw KconfigError("\(line.place): \(keyword) needs a name")
      }
      entry = KconfigEntry(.symbol(model.number(of: name)), at: line.place)
    case "choice":
      try finishEntry()
      entry = KconfigEntry(.choice, at: line.place)
    case "menu":
      try finishEntry()
      entry = KconfigEntry(.menu, at: line.place)
    case "comment":
      try finishEntry()
      entry = KconfigEntry(.comment, at: line.place)
    case "if":
      try finishEntry()
      var reader = KconfigExpressionReader(line, from: 1)
      let condition = try reader.expression(&model)
      try reader.expectEnd()
      try open(.condition, at: line.place, condition)
    case "endif": try close(.condition, line)
    case "endmenu": try close(.menu, line)
    case "endchoice": try close(.choice, line)
    case "source", "rsource", "osource", "orsource":
      try finishEntry()
      try source(line, keyword)
    case "mainmenu": try finishEntry()
    default:
      // `NAME = ...` and `NAME := ...` are macros, which nothing here expands.
      if case .mark(let mark)? = line.words.dropFirst().first, ["=", ":=", "+="].contains(mark) {
        return
      }
      guard entry != nil else {
        throw KconfigError("\(line.place): \"\(keyword)\" belongs to nothing")
      }
      try entry?.read(line, keyword, &model)
    }
  }

  private mutating func source(_ line: KconfigLine, _ keyword: String) throws(KconfigError) {
    guard line.words.count == 2, case .quoted(var path) = line.words[1] else {
      throw KconfigError("\(line.place): \(keyword) needs a path in quotes")
    }
    if keyword.contains("r") && keyword.hasSuffix("rsource"), let here = open.last {
      path = here.split(separator: "/").dropLast().joined(separator: "/") + "/" + path
    }
    guard let file = files[path] else { return }
    guard !open.contains(path) else {
      throw KconfigError("\(line.place): \(path) is read from within itself")
    }
    guard open.count < Self.sourceLimit else {
      throw KconfigError("\(line.place): files within files, deeper than \(Self.sourceLimit)")
    }
    try read(file)
  }

  private mutating func open(
    _ kind: Block.Kind, at place: KconfigPlace, _ condition: KconfigExpression,
    visibility: KconfigExpression = .constant(.yes), choice: Int? = nil
  ) throws(KconfigError) {
    guard blocks.count < Self.blockLimit else {
      throw KconfigError("\(place): blocks nested deeper than \(Self.blockLimit)")
    }
    let dependency =
      choice == nil ? (blocks.last?.dependency ?? .constant(.yes)).and(condition) : condition
    blocks.append(
      Block(
        kind: kind, place: place, depth: open.count, dependency: dependency,
        visibility: (blocks.last?.visibility ?? .constant(.yes)).and(visibility),
        choice: choice ?? (kind == .condition ? blocks.last?.choice : nil)))
  }

  private mutating func close(_ kind: Block.Kind, _ line: KconfigLine) throws(KconfigError) {
    try finishEntry()
    guard let block = blocks.last, block.kind == kind, block.depth == open.count else {
      throw KconfigError("\(line.place): this \(line.keyword ?? "") closes nothing")
    }
    blocks.removeLast()
  }

  /// Puts what was read of an entry into the model, or opens the block that it begins.
  private mutating func finishEntry() throws(KconfigError) {
    guard let entry else { return }
    self.entry = nil
    let around = blocks.last?.dependency ?? .constant(.yes)
    let visibility = blocks.last?.visibility ?? .constant(.yes)
    switch entry.kind {
    case .symbol(let number):
      entry.define(number, around, visibility, choice: blocks.last?.choice, in: &model)
    case .choice:
      model.choices.append(entry.choice(around, visibility))
      let number = model.choices.count - 1
      try open(.choice, at: entry.place, .choice(number), choice: number)
    case .menu:
      try open(.menu, at: entry.place, entry.dependency, visibility: entry.visibility)
    case .comment: break
    }
  }
}
