// SPDX-License-Identifier: GPL-2.0-only

import Coverage

extension SubjectCompiler {
  /// Puts marks into an extraction, and asks the preprocessor which of them the configuration leaves in.
  ///
  /// A function that does not compile with its marks is left without; its map says so.
  public func instrument(
    _ extraction: Extraction
  ) async throws(SubjectError) -> InstrumentedExtraction {
    let whole = extraction.instrumented()
    if try await isAccepted(whole.extraction) { return try await withCompiled(whole) }
    var refused: [Int: String] = [:]
    let all = whole.map.functions.indices
    for index in all where !whole.map.functions[index].points.isEmpty {
      let others = all.filter { $0 != index }
      let alone = extraction.instrumented(
        leavingOut: Dictionary(uniqueKeysWithValues: others.map { ($0, "") }))
      if try await !isAccepted(alone.extraction) {
        refused[index] = "it does not compile with marks"
      }
    }
    return try await withCompiled(extraction.instrumented(leavingOut: refused))
  }

  private func withCompiled(
    _ instrumented: InstrumentedExtraction
  ) async throws(SubjectError) -> InstrumentedExtraction {
    var map = instrumented.map
    map.compiled = Self.marks(in: try await preprocessed(instrumented.extraction))
    return InstrumentedExtraction(extraction: instrumented.extraction, map: map)
  }

  /// The marks that a preprocessed text makes: the numbers behind `mhp_mark(` and `mhp_outcome(`, which
  /// makes the next one too.
  static func marks(in text: String) -> Set<Int> {
    var found: Set<Int> = []
    for (name, count) in [("mhp_mark", 1), ("mhp_outcome", 2)] {
      var rest = text.utf8[...]
      while let next = rest.firstRange(of: name.utf8) {
        rest = rest[next.upperBound...]
        let number = rest.drop { $0 == UInt8(ascii: " ") }
        guard number.first == UInt8(ascii: "(") else { continue }
        let digits = number.dropFirst().drop { $0 == UInt8(ascii: " ") }
          .prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        if let mark = Int(String(decoding: digits, as: UTF8.self)) {
          found.formUnion(mark..<(mark + count))
        }
      }
    }
    return found
  }
}
