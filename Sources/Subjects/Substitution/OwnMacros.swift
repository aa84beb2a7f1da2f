// SPDX-License-Identifier: GPL-2.0-only

/// The macros that a subject's own text defines or undefines, where it does.
extension Extraction {
  /// A line of the subject that defines or undefines a macro, with the lines that continue it.
  private struct MacroLine {
    var name: String
    /// Its bytes in the unit, without the last line end.
    var range: Range<Int>
    var place: CoverageLine
    /// The lines' texts.
    var texts: [String]
  }

  /// The macros with the name of a function of the surface, sorted. They stand between the function and all callers
  /// behind them.
  public var surfaceMacros: [String] {
    Set(macroLines().map(\.name).filter(SurfaceNames.all.contains)).sorted()
  }

  /// The same text without the lines about some macros.
  public func without(macros names: Set<String>) -> Extraction {
    edited(
      macroLines().filter { names.contains($0.name) }.map { line in
        UnitEdit(
          range: line.range, text: String(repeating: "\n", count: line.texts.count - 1))
      })
  }

  /// The last line about a macro, with its text and its neighbours' as if it were a function; nil if the subject has
  /// no such macro.
  public func definition(of name: String) -> (lines: CoveredFunction, place: CoverageLine)? {
    let all = macroLines().filter { $0.name == name }
    guard let last = all.last else { return nil }
    // An #undef often stands on the line before.
    let shown = all.filter {
      $0.place.file == last.place.file && $0.place.number <= last.place.number
        && $0.place.number + $0.texts.count + 1 >= last.place.number
    }
    let lines = shown.flatMap { one in
      one.texts.enumerated().map { offset, text in
        CoveredFunction.Line(
          line: CoverageLine(file: one.place.file, number: one.place.number + offset), text: text)
      }
    }
    return (CoveredFunction(name: name, lines: lines, points: [], unread: []), last.place)
  }

  private func macroLines() -> [MacroLine] {
    var found: [MacroLine] = []
    var place = CoverageLine(file: "", number: 1)
    var offset = 0
    var open: MacroLine?
    for bytes in Array(unit.utf8).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      let text = String(decoding: bytes, as: UTF8.self)
      let range = offset..<(offset + bytes.count)
      offset = range.upperBound + 1
      if let named = FunctionTokens.lineDirective(text) {
        place = CoverageLine(file: named.name, number: named.line)
        continue
      }
      if open == nil, let name = Self.macro(text), !Self.isOurs(place.file) {
        open = MacroLine(
          name: name, range: range.lowerBound..<range.lowerBound, place: place, texts: [])
      }
      place.number += 1
      guard var line = open else { continue }
      line.range = line.range.lowerBound..<range.upperBound
      line.texts.append(text)
      if text.hasSuffix("\\") {
        open = line
      } else {
        found.append(line)
        open = nil
      }
    }
    return found
  }

  /// Whether lines are the harness's, not the subject's.
  private static func isOurs(_ file: String) -> Bool {
    file.isEmpty || file.hasPrefix("mhpcheck-")
  }

  /// The name that a line defines or undefines; nil for any other line.
  private static func macro(_ line: String) -> String? {
    let words = line.drop { $0 == " " || $0 == "\t" }
    guard words.first == "#" else { return nil }
    let rest = words.dropFirst().drop { $0 == " " || $0 == "\t" }
    guard let word = ["define", "undef"].first(where: { rest.hasPrefix($0) }) else { return nil }
    let named = rest.dropFirst(word.count)
    guard let blank = named.first, blank == " " || blank == "\t" else { return nil }
    let name = named.drop { $0 == " " || $0 == "\t" }
      .prefix { $0 == "_" || $0.isLetter || $0.isNumber }
    return name.isEmpty ? nil : String(name)
  }
}
