// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

/// Where a function of a subject stands in the user's file.
public struct FunctionOrigin: Sendable, Hashable {
  /// The user's own file.
  public let displayName: String
  /// From 1, in `displayName`.
  public let firstLine: Int
  /// The line of the closing brace.
  public let lastLine: Int

  /// An origin; lines count from 1.
  public init(displayName: String, firstLine: Int, lastLine: Int) {
    self.displayName = displayName
    self.firstLine = firstLine
    self.lastLine = lastLine
  }
}

/// The part of a subject that can be compiled and run: its functions of the surface, what they
/// reach in the subject's own files, and the glue by which the harness calls them.
public struct Extraction: Sendable {
  /// The whole C translation unit, to be compiled with the stub headers alone.
  public let unit: String
  /// What came from the subject: without line directives and glue, so that the same functions give
  /// the same text wherever they were read from.
  public let extractedText: String
  /// The functions that the text defines; whether a condition leaves one out is up to the compiler.
  /// Of several definitions it is the first.
  public let functions: [SurfaceFunction: FunctionOrigin]
  /// The lines of each of `functions`, in order, as they stand in the user's own file.
  public let sources: [SurfaceFunction: [SourceLine]]
  /// The names of the helpers, macros, types and variables that were pulled in, sorted.
  public let pulled: [String]

  /// The lines of each function in the unit, for naming the function of a diagnostic.
  let spans: [FunctionSpan]

  /// The function that a line of a user's file belongs to.
  func function(at line: Int, of displayName: String) -> String? {
    spans.first { $0.lines[displayName]?.contains(line) == true }?.name
  }
}

/// A function's name and its lines, by the file they are shown as.
struct FunctionSpan: Sendable {
  let name: String
  let lines: [String: ClosedRange<Int>]
  /// Its UTF-8 bytes in the unit, with the line directive before it.
  let unitRange: Range<Int>

  init(_ name: String, _ item: SourceItem, _ text: SplicedText, unitRange: Range<Int>) {
    var lines: [String: ClosedRange<Int>] = [:]
    let first = text.lineIndex(at: item.range.lowerBound)
    let last = text.lineIndex(at: item.range.upperBound - 1)
    for line in text.file.lines[first...last] {
      let known = lines[line.displayName] ?? line.number...line.number
      lines[line.displayName] =
        min(known.lowerBound, line.number)...max(known.upperBound, line.number)
    }
    self.name = name
    self.lines = lines
    self.unitRange = unitRange
  }
}
