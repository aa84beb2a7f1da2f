// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port
import Subjects

/// A function's lines in the user's own file, in the words of the template.
struct PageSource {
  /// A line of it.
  struct SourceLine {
    var number: Int
    var line: String
  }

  var sourceFunction: String
  var file: String
  var firstLine: Int
  var lastLine: Int
  var lines: [SourceLine]
  var moreLines: String

  /// Lines of one function.
  private static let shown = 160

  init(_ source: FunctionSource) {
    sourceFunction = source.function.name
    file = PageText.line(source.file)
    firstLine = source.lines.first?.number ?? 0
    lastLine = source.lines.last?.number ?? 0
    lines = source.lines.prefix(Self.shown).map {
      SourceLine(number: $0.number, line: PageText.line($0.text))
    }
    let rest = source.lines.count - Self.shown
    moreLines = rest > 0 ? "\(rest) more lines" : ""
  }
}

/// Where a function's lines stand already, in the words of the template.
struct PageSourceLink {
  var sourceNote: String
  var sourceAnchor: String

  init(_ function: KernelFunction, at anchor: String) {
    sourceNote = "The lines of \(function.name) stand with"
    sourceAnchor = anchor
  }
}
