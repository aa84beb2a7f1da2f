// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The place of a subject's function in the user's file.
public struct FunctionOrigin: Sendable, Hashable {
  public let displayName: String
  /// The first line, counted from 1.
  public let firstLine: Int
  /// The line of the closing brace.
  public let lastLine: Int
  /// The conditionals around the function, outermost first.
  public let guards: [FunctionGuard]

  public init(displayName: String, firstLine: Int, lastLine: Int, guards: [FunctionGuard] = []) {
    self.displayName = displayName
    self.firstLine = firstLine
    self.lastLine = lastLine
    self.guards = guards
  }
}

/// The part of a subject that can be compiled and run: its functions of the surface, the definitions that
/// they need from the subject's own files, and the glue through which the harness calls them.
public struct Extraction: Sendable {
  /// The complete C translation unit; it includes only the stub headers.
  public let unit: String
  /// The subject's part of the unit, without line directives and glue. The same functions give the same
  /// text, whatever their source is.
  public let extractedText: String
  /// The functions that the text defines; the compiler decides whether a condition excludes one. If a
  /// function has several definitions, this is the first.
  public let functions: [KernelFunction: FunctionOrigin]
  /// The lines of each of `functions`, in order, as in the user's own file.
  public let sources: [KernelFunction: [SourceLine]]
  /// The names of the helpers, macros, types and variables that the functions need, sorted.
  let pulled: [String]

  /// Facts that the user has to know, one line each: which functions have stand-ins, and why.
  public internal(set) var warnings: [String] = []
  /// Whether the subject is a patch, without its base, to hotplug functions that existed before. Then
  /// nothing follows from code that the patch does not show.
  public internal(set) var isInPart = false
  /// Functions that the text defines and that no case calls directly, in surface order: a parameter's type and name
  /// do not say what it counts. Their callers are judged with them.
  public internal(set) var judgedThroughCallers: [KernelFunction] = []

  /// The lines of each function in the unit, for naming the function of a diagnostic.
  let spans: [FunctionSpan]
  /// Words in function headers that nothing defines: attributes of the subject's kernel.
  var unknownAttributes: [UnknownAttribute] = []

  /// The function that contains a line of a user's file.
  func function(at line: Int, of displayName: String) -> String? {
    spans.first { $0.lines[UnitWriter.plain(displayName)]?.contains(line) == true }?.name
  }
}

extension Extraction {
  /// The error if no function that the text is about is compiled, so that there is nothing to judge; else
  /// nil. `present` are the compiled functions.
  public func refusal(of present: [KernelFunction]) -> Failure? {
    let isOfHotplug = functions.keys.contains(where: \.isOfHotplug)
    let meant = KernelFunction.allCases.filter {
      functions[$0] != nil && (!isOfHotplug || $0.isOfHotplug)
    }
    guard let first = meant.first, let origin = functions[first],
      !meant.contains(where: present.contains)
    else { return nil }
    let rest = meant.count > 1 ? " and \(meant.count - 1) more" : ""
    return Failure(
      .unreadable,
      "no function of the surface is compiled: the conditions around \(first.name) "
        + "(\(origin.displayName):\(origin.firstLine))\(rest) are false",
      advice: "set them with -D NAME or -U NAME")
  }
}

/// A function's name and its lines, by the displayed name of their file.
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
      // The compiler gets this name and repeats it in diagnostics.
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
