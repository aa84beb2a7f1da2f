// SPDX-License-Identifier: GPL-2.0-only

/// The visible part of a function that a patch shows incompletely: its end at the start of a hunk, or its
/// start at the end of one.
struct ShownPart {
  /// The function's name; nil if the hunk does not name it.
  let name: String?
  /// Its lines, as indices into those of the file.
  let lines: Range<Int>
  /// Whether the patch changes this part.
  let isTouched: Bool

  private init(_ name: String?, _ lines: Range<Int>, of file: SourceFile) {
    self.name = name
    self.lines = lines
    isTouched = file.lines[lines].contains(where: \.isTouched)
  }

  /// "FILE:LINE" of its first line.
  func location(in file: SourceFile) -> String {
    let line = file.lines[min(lines.lowerBound, file.lines.count - 1)]
    return "\(line.displayName):\(line.number)"
  }

  /// The parts that a parsed file shows: of any function at the start of a hunk, of functions of the surface
  /// at the end of one.
  static func all(of parsed: ParsedFile) -> [ShownPart] {
    let file = parsed.text.file
    let tails = parsed.incomplete.map { name, offset in
      let first = parsed.text.lineIndex(at: offset)
      let end = (file.gaps ?? []).first { $0 > first } ?? file.lines.count
      return ShownPart(name, first..<end, of: file)
    }
    return heads(of: file) + tails
  }

  /// The ends of functions with which hunks begin.
  static func heads(of file: SourceFile) -> [ShownPart] {
    guard let gaps = file.gaps else { return [] }
    return zip(gaps, gaps.dropFirst() + [file.lines.count]).compactMap { start, end in
      guard start < end else { return nil }
      let lines = start..<headEnd(of: file.lines[start..<end])
      guard !lines.isEmpty else { return nil }
      return ShownPart(file.lines[start].heading.flatMap(functionName), lines, of: file)
    }
  }

  /// The end of the function in which a hunk begins: after a brace in the first column, else before the first
  /// line that starts something else there. Directives, comments and empty lines may occur anywhere; without
  /// a line of a body there is no such function.
  private static func headEnd(of lines: ArraySlice<SourceLine>) -> Int {
    var hasBody = false
    var isComment = false
    for (index, line) in zip(lines.indices, lines) {
      let text = line.text.trimmed()
      if isComment || text.hasPrefix("/*") || text.hasPrefix("*") {
        isComment = !text.contains("*/") && (isComment || text.hasPrefix("/*"))
        continue
      }
      guard let first = line.text.utf8.first, !text.isEmpty else { continue }
      switch first {
      case UInt8(ascii: "}"): return index + 1
      case UInt8(ascii: "#"): continue
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "{"): hasBody = true
      default:
        guard isLabel(line.text) else { return hasBody ? index : lines.startIndex }
        hasBody = true
      }
    }
    return hasBody ? lines.endIndex : lines.startIndex
  }

  private static func isLabel(_ text: String) -> Bool {
    let rest = text.drop { $0 == "_" || $0.isLetter || $0.isNumber }
    return rest.first == ":" && rest.count < text.count
  }

  /// The name in the line that git puts after the numbers of a hunk. git may truncate the line.
  private static func functionName(_ heading: String) -> String? {
    guard let open = heading.firstIndex(of: "(") else { return nil }
    let before = heading[..<open].reversed().drop(while: \.isWhitespace)
    let name = String(before.prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
    return name.isEmpty || CKeyword.isReserved(name) ? nil : name
  }
}
