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
    let left = PreprocessedMarks(try await preprocessed(instrumented.extraction))
    map.compiled = left.compiled
    map.decided = left.decided
    return InstrumentedExtraction(extraction: instrumented.extraction, map: map)
  }
}
