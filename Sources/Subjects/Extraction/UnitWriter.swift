// SPDX-License-Identifier: GPL-2.0-only

/// Writes pieces of spliced text so that compiler diagnostics name the user's file and line.
///
/// The conditionals around the pieces stay as they were: each group opens once, its branches follow one
/// another, and it closes before the first piece outside it. So `#ifndef x`, `#define x`, ... keeps its
/// meaning.
struct UnitWriter {
  private(set) var unit = ""
  /// The subject's part of the unit, without line directives and glue.
  private(set) var extracted = ""
  private var open: [ConditionalBranch] = []

  /// Writes an item of a file in its conditionals, after glue that they also cover. Returns the item's UTF-8
  /// bytes in the unit, with the line directive before it, without conditionals and glue.
  mutating func write(
    _ item: SourceItem, of file: ParsedFile, behind lines: [String] = []
  ) -> Range<Int> {
    enter(item.chain, of: file)
    if !lines.isEmpty { glue(lines) }
    let start = unit.utf8.count
    piece(item.range, of: file.text)
    return start..<unit.utf8.count
  }

  /// Writes lines of the harness.
  mutating func glue(_ lines: [String]) {
    unit += "#line 1 \"mhpcheck-glue\"\n"
    for line in lines { unit += line + "\n" }
  }

  /// Writes a function's prototype, after glue, in its conditionals, independently of the open ones.
  mutating func prototype(of item: SourceItem, in file: ParsedFile, behind lines: [String] = []) {
    guard let body = item.body, !item.hasDirectiveInHeader else { return }
    let kept = extracted
    for branch in item.chain {
      for directive in file.groups[branch.group].directives[...branch.branch] {
        piece(directive, of: file.text)
      }
    }
    if !lines.isEmpty { glue(lines) }
    piece(item.range.lowerBound..<body, of: file.text)
    unit += ";\n" + String(repeating: "#endif\n", count: item.chain.count)
    extracted = kept
  }

  /// Closes the open conditionals of a file.
  mutating func finishFile() {
    while !open.isEmpty { close() }
  }

  private mutating func close() {
    open.removeLast()
    unit += "#endif\n"
    extracted += "#endif\n"
  }

  private mutating func enter(_ chain: [ConditionalBranch], of file: ParsedFile) {
    var common = 0
    while common < min(open.count, chain.count), open[common].group == chain[common].group {
      common += 1
      if open[common - 1].branch != chain[common - 1].branch { break }
    }
    while open.count > common { close() }
    for (depth, branch) in chain.enumerated() {
      let directives = file.groups[branch.group].directives
      if depth >= open.count {
        for directive in directives[...branch.branch] { piece(directive, of: file.text) }
        open.append(branch)
      } else if open[depth].branch < branch.branch {
        for directive in directives[(open[depth].branch + 1)...branch.branch] {
          piece(directive, of: file.text)
        }
        open[depth] = branch
      }
    }
  }

  private mutating func piece(_ range: Range<Int>, of text: SplicedText) {
    guard !range.isEmpty else { return }
    let lines = text.file.lines
    let first = text.lineIndex(at: range.lowerBound)
    let last = text.lineIndex(at: range.upperBound - 1)
    let jumps = (first..<last).filter { !SplicedText.follows(lines[$0 + 1], lines[$0]) }
    let whole = jumps.isEmpty ? [] : Self.inseparable(range, text)
    var isOff = false
    var result = ""
    for index in first...last {
      let line = lines[index]
      if index > first, !SplicedText.follows(line, lines[index - 1]) { isOff = true }
      let start = text.lineStarts[index]
      let isInside = text.continues[index] || whole.contains { $0.contains(start - 1) }
      if index == first || (isOff && !isInside) {
        unit += result
        result = ""
        unit += "#line \(line.number) \"\(Self.escaped(line.displayName))\"\n"
        isOff = false
      }
      let slice = max(range.lowerBound, start)..<min(text.lineEnd(index), range.upperBound)
      let isSpliced = index < last && text.continues[index + 1]
      let written = (slice.isEmpty ? "" : text.string(slice)) + (isSpliced ? "\\\n" : "\n")
      result += written
      extracted += written
    }
    unit += result
  }

  /// Comments and directives in a range: a line directive inside one would become part of it.
  private static func inseparable(_ range: Range<Int>, _ text: SplicedText) -> [Range<Int>] {
    var lexer = CLexer(text, range: range, keepsComments: true)
    var result: [Range<Int>] = []
    while let token = try? lexer.next() {
      if token.kind == .directive { result.append(token.start..<token.end) }
    }
    return result + lexer.longComments
  }

  /// A file's name as in line directives: with blanks for control characters.
  static func plain(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    return result
  }

  private static func escaped(_ name: String) -> String {
    var result = ""
    for scalar in plain(name).unicodeScalars {
      if scalar == "\\" || scalar == "\"" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
