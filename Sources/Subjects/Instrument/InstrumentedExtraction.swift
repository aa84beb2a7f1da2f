// SPDX-License-Identifier: GPL-2.0-only

/// An extraction whose functions record what a run reaches. It serves coverage alone; verdicts come from the
/// extraction without marks.
public struct InstrumentedExtraction: Sendable {
  /// The extraction with marks; it compiles like any other.
  public let extraction: Extraction
  /// All points; which of them are compiled is not known yet.
  public let map: CoverageMap
}

extension Extraction {
  /// After this number of marks, functions stay without marks (`MHP_MAX_MARKS`); the limit leaves room for
  /// those of one function.
  private static let mostMarks = 60_000

  /// Puts marks into the functions, except for those in `refused`, which maps indices to reasons.
  ///
  /// With `asLog` the marks are a log of the run instead of a set (`MarkLog`).
  public func instrumented(
    leavingOut refused: [Int: String] = [:], asLog: Bool = false
  ) -> InstrumentedExtraction {
    let bytes = Array(unit.utf8)
    var insertions = Insertions()
    var functions: [CoveredFunction] = []
    var next = 0
    for (index, (structure, span)) in zip(structures(), spans).enumerated() {
      let lines = UnitLines(bytes, span.unitRange).lines
      var function = CoveredFunction(name: structure.name, lines: lines, points: [], unread: [])
      var instrumenter = Instrumenter(
        structure, unit: bytes, next: next, insertions: insertions)
      do throws(Instrumenter.Refusal) {
        if let reason = refused[index] { throw Instrumenter.Refusal(reason: reason) }
        guard next < Self.mostMarks else {
          throw Instrumenter.Refusal(reason: "the functions before it have too many statements")
        }
        try instrumenter.instrument()
        insertions = instrumenter.insertions
        next = instrumenter.next
        function.points = instrumenter.points
        for part in structure.opaque {
          let tokens = structure.tokens[part.range]
          if part.isNeverCompiled {
            function.leftOut.formUnion(
              tokens.map { CoverageLine(file: $0.position.displayName, number: $0.position.line) })
          } else if let unread = Self.unread(tokens, part.reason) {
            function.unread.append(unread)
          }
        }
      } catch {
        function.unread = Self.unread(structure.tokens[...], error.reason).map { [$0] } ?? []
      }
      functions.append(function)
    }
    // The lines go after the stub headers and before the subject's first line.
    let prelude = "#include <mhp/prelude.h>\n"
    if next > 0, let start = unit.utf8.firstRange(of: prelude.utf8) {
      let offset = unit.utf8.distance(from: unit.startIndex, to: start.upperBound)
      insertions.wrap(
        offset..<offset,
        "#define MHP_MARKS \(next)\n\(asLog ? "#define MHP_LOOK\n" : "")#include <mhp/coverage.h>\n",
        "")
    }
    return InstrumentedExtraction(
      extraction: Extraction(
        unit: insertions.applied(to: bytes), extractedText: extractedText,
        functions: self.functions, sources: sources, pulled: pulled, spans: spans),
      map: CoverageMap(
        functions: functions, markCount: next, compiled: [], macros: decidingMacros()))
  }

  private static func unread(
    _ tokens: ArraySlice<SourceToken>, _ reason: String
  ) -> CoveredFunction.Unread? {
    guard let first = tokens.first?.position, let last = tokens.last?.position else { return nil }
    return CoveredFunction.Unread(
      first: CoverageLine(file: first.displayName, number: first.line),
      last: max(first.line, last.line), reason: reason)
  }

  /// Words and operators that decide the control flow.
  private static let deciding: Set<String> = ["if", "for", "while", "switch", "?", "&&", "||"]

  /// The subject's own function-like macros that contain a decision.
  private func decidingMacros() -> [String] {
    let names = Set(pulled)
    let lines = unit.split(separator: "\n", omittingEmptySubsequences: false)
    var found: Set<String> = []
    for (index, line) in lines.enumerated() {
      guard let name = Self.definedMacro(line), names.contains(name) else { continue }
      var definition = String(line)
      for next in lines[(index + 1)...] where definition.last == "\\" {
        definition += "\n" + next
      }
      let file = SourceFile(
        path: "", displayName: "",
        lines: [SourceLine(text: definition, displayName: "", number: 1, isAdded: true)])
      let text = SplicedText(file)
      let tokens = CLexer.tokens(text, 0..<text.bytes.count, insideDirective: true)
      let words = tokens.map { text.string($0) }
      let pairs = zip(words, words.dropFirst()).map { $0 + $1 }
      if words.contains(where: Self.deciding.contains)
        || pairs.contains(where: { $0 == "&&" || $0 == "||" })
      {
        found.insert(name)
      }
    }
    return found.sorted()
  }

  /// The name of a function-like macro, if a line defines one.
  private static func definedMacro(_ line: Substring) -> String? {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    let words = line.drop(while: isBlank)
    guard words.first == "#" else { return nil }
    let define = words.dropFirst().drop(while: isBlank)
    guard define.hasPrefix("define") else { return nil }
    let definition = define.dropFirst(6).drop(while: isBlank)
    let name = definition.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
    return definition.dropFirst(name.count).first == "(" ? String(name) : nil
  }
}
