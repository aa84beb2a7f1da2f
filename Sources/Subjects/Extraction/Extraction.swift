// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Where a function of a subject stands in the user's file.
public struct FunctionOrigin: Sendable, Hashable {
  /// The user's own file.
  public let displayName: String
  /// From 1, in `displayName`.
  public let firstLine: Int
  /// The line of the closing brace.
  public let lastLine: Int
  /// The conditionals that it stands in, outermost first.
  public let guards: [FunctionGuard]

  /// An origin; lines count from 1.
  public init(displayName: String, firstLine: Int, lastLine: Int, guards: [FunctionGuard] = []) {
    self.displayName = displayName
    self.firstLine = firstLine
    self.lastLine = lastLine
    self.guards = guards
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
  public let functions: [KernelFunction: FunctionOrigin]
  /// The lines of each of `functions`, in order, as they stand in the user's own file.
  public let sources: [KernelFunction: [SourceLine]]
  /// The names of the helpers, macros, types and variables that were pulled in, sorted.
  let pulled: [String]

  /// What the user has to know of it, each in a line: what was left to stand-ins, and why.
  public internal(set) var warnings: [String] = []
  /// Whether it is of a patch, without the file, to hotplug functions that were there before: then nothing
  /// follows from what it does not show.
  public internal(set) var isInPart = false

  /// The lines of each function in the unit, for naming the function of a diagnostic.
  let spans: [FunctionSpan]
  /// Words in the headers of functions that nothing defines: attributes of the subject's kernel.
  var unknownAttributes: [UnknownAttribute] = []

  /// The function that a line of a user's file belongs to.
  func function(at line: Int, of displayName: String) -> String? {
    spans.first { $0.lines[UnitWriter.plain(displayName)]?.contains(line) == true }?.name
  }
}

extension Extraction {
  /// What is said where, of the functions that the text is about, none is compiled - `present` are those that
  /// are: there is nothing to judge then. Nil where there is.
  public func refusal(of present: [KernelFunction]) -> SubjectError? {
    let isOfHotplug = functions.keys.contains(where: \.isOfHotplug)
    let meant = KernelFunction.allCases.filter {
      functions[$0] != nil && (!isOfHotplug || $0.isOfHotplug)
    }
    guard let first = meant.first, let origin = functions[first],
      !meant.contains(where: present.contains)
    else { return nil }
    let rest = meant.count > 1 ? " and \(meant.count - 1) more stand" : " stands"
    return SubjectError(
      message: "nothing of the surface is compiled: \(first.name) (\(origin.displayName):"
        + "\(origin.firstLine))\(rest) under conditions that do not hold",
      advice: "-D NAME or -U NAME decides them")
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
      // As the compiler is told it, and says it.
      let file = UnitWriter.plain(line.displayName)
      let known = lines[file] ?? line.number...line.number
      lines[file] =
        min(known.lowerBound, line.number)...max(known.upperBound, line.number)
    }
    self.name = name
    self.lines = lines
    self.unitRange = unitRange
  }
}
