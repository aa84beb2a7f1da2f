// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A case with its drawings and traces, in the words of the template.
struct PageCase {
  /// A drawing of the tables of one side at one moment.
  struct Figure {
    var figureID: String
    var caption: String
    /// Markup: made here, and not by a stranger.
    var svg: String
    /// The same as text.
    var tree: String
  }

  /// Drawings that stand beside each other where there is room.
  struct FigureRow {
    var figures: [Figure]
  }

  /// A row of two traces.
  struct TraceRow {
    var mine: String
    var theirs: String
    var isParting: Bool
  }

  var calls: [String] = []
  var figureRows: [FigureRow] = []
  var noFigures = ""
  var traces: [TraceRow] = []
  var traceCaption = ""
  /// What the reference did, where it alone is known.
  var steps: [String] = []

  /// Lines of a text beside a drawing.
  private static let lines = 60
  /// Events of a trace without another beside it.
  private static let events = 24

  /// A case; its drawings have ids that begin with `id`. Without room for them it has none.
  init(
    id: String, scenario: Scenario, difference: Difference? = nil, subject: Observation? = nil,
    reference: Observation? = nil, hasRoom: Bool
  ) {
    guard
      let drawing = CaseTables(scenario: scenario, subject: subject, reference: reference)
    else {
      noFigures = "The case cannot be drawn."
      return
    }
    calls = scenario.operations.prefix(40).map(drawing.naming.call)
    if scenario.operations.count > 40 {
      calls.append("... \(scenario.operations.count - 40) more calls")
    }
    if hasRoom {
      let studio = CaseFigures(
        id: id, drawing: drawing, scenario: scenario, difference: difference)
      figureRows = [FigureRow(figures: [studio.before()])]
      let after = studio.after(subject, reference)
      if !after.isEmpty { figureRows.append(FigureRow(figures: after)) }
    } else {
      noFigures =
        "The drawings are left out to keep the page small; the command below shows the tables."
    }
    if let subject, let reference {
      trace(subject, reference, drawing)
    } else if let reference {
      let naming = drawing.naming(of: reference)
      steps = reference.events.prefix(Self.events).map(naming.phrase)
      let rest = reference.events.count - Self.events
      if rest > 0 { steps.append("\(rest) more events") }
      if reference.ending.kind != EndingKind.finished.rawValue {
        steps.append(naming.phrase(reference.ending))
      }
    }
  }

  /// Bytes of its drawings.
  var weight: Int {
    figureRows.flatMap(\.figures).reduce(0) { $0 + $1.svg.utf8.count + $1.tree.utf8.count }
  }

  private mutating func trace(
    _ subject: Observation, _ reference: Observation, _ drawing: CaseTables
  ) {
    let columns = TraceColumns(
      subject: subject.events, reference: reference.events, naming: drawing.naming(of: subject),
      referenceNaming: drawing.naming(of: reference), before: 10, after: 10)
    traces = columns.rows.map {
      TraceRow(mine: $0.subject, theirs: $0.reference, isParting: $0.isMarked)
    }
    if subject.ending != reference.ending {
      traces.append(
        TraceRow(
          mine: drawing.naming(of: subject).phrase(subject.ending),
          theirs: drawing.naming(of: reference).phrase(reference.ending),
          isParting: !columns.rows.contains(where: \.isMarked)))
    }
    let left = [
      columns.omittedBefore > 0 ? "\(columns.omittedBefore) events alike before these" : nil,
      columns.omittedAfter > 0 ? "\(columns.omittedAfter) more after them" : nil,
    ].compactMap { $0 }
    traceCaption =
      "What each side did, in turn" + (left.isEmpty ? "" : "; " + left.joined(separator: ", "))
    if traces.isEmpty { traceCaption = "" }
  }

  /// The text of a tree, from its start or from a little above its mark.
  static func text(_ tree: [TableTree.Line]) -> String {
    let mark = tree.firstIndex(where: \.isMarked) ?? 0
    let start = mark < lines ? 0 : mark - lines / 2
    var text = tree[start...].prefix(lines).map { ($0.isMarked ? "> " : "  ") + $0.text }
    if start > 0 { text.insert("  ... \(start) lines above", at: 0) }
    let rest = tree.count - start - lines
    if rest > 0 { text.append("  ... \(rest) more lines") }
    return text.joined(separator: "\n")
  }
}
