// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension SubjectCompiler {
  /// With more functions, none is tried by itself: a subject has some fifteen, and each takes a compilation.
  private static let mostFunctionsTried = 100

  /// Puts marks into an extraction, compiles it at real geometry, and finds out from the preprocessor which
  /// marks the configuration keeps.
  ///
  /// If a function does not compile with its marks, it stays without them, and the map says so. To find
  /// such functions, this method tries each one by itself.
  public func compileMarked(
    _ extraction: Extraction, into folder: String
  ) async throws(Failure) -> (marked: InstrumentedExtraction, path: String) {
    let whole = extraction.instrumented()
    do throws(Failure) {
      return try await marked(whole, into: folder)
    } catch {
      guard whole.map.functions.count <= Self.mostFunctionsTried else { throw error }
    }
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
    return try await marked(extraction.instrumented(leavingOut: refused), into: folder)
  }

  /// Puts marks into an extraction that log the run, and compiles it for a geometry, as it is and not for
  /// speed. Throws if a function does not compile with its marks.
  public func compileLogging(
    _ extraction: Extraction, indexBits: Int, into folder: String
  ) async throws(Failure) -> (map: CoverageMap, path: String) {
    let logging = extraction.instrumented(asLog: true)
    let path = try await compileQuickly(
      logging.extraction, indexBits: indexBits, into: folder, named: "logging")
    return (logging.map, path)
  }

  private func marked(
    _ instrumented: InstrumentedExtraction, into folder: String
  ) async throws(Failure) -> (marked: InstrumentedExtraction, path: String) {
    async let left = left(of: instrumented)
    let path = try await compileQuickly(
      instrumented.extraction, indexBits: 9, into: folder, named: "marked")
    var map = instrumented.map
    let marks = try await left.get()
    map.compiled = marks.compiled
    map.decided = marks.decided
    return (InstrumentedExtraction(extraction: instrumented.extraction, map: map), path)
  }

  private func left(
    of instrumented: InstrumentedExtraction
  ) async -> Result<PreprocessedMarks, Failure> {
    do throws(Failure) {
      return .success(PreprocessedMarks(try await preprocessed(instrumented.extraction)))
    } catch {
      return .failure(error)
    }
  }
}
