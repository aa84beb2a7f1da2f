// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel
import PageTables
import Scenarios

/// One difference as terminal text: the scenario, the page tables before and after on both sides,
/// and the two traces lined up where they part.
public struct DifferenceRenderer: Sendable {
  private let style: TextStyle
  /// What the reference side is called, e.g. "reference".
  private let referenceName: String

  public init(style: TextStyle, referenceName: String = "reference") {
    self.style = style
    self.referenceName = referenceName
  }

  /// The lines of one reported difference, with the command that replays it.
  public func lines(_ reported: ReportedDifference) -> [String] {
    lines(
      scenario: reported.scenario, difference: reported.difference, subject: reported.subject,
      reference: reported.reference) + ["  replay: " + style.strong(reported.replay)]
  }

  /// The lines of one case.
  public func lines(
    scenario: Scenario, difference: Difference?, subject: Observation?, reference: Observation?
  ) -> [String] {
    guard
      let drawing = StateDrawing(scenario: scenario, subject: subject, reference: reference)
    else { return [] }
    let naming = drawing.naming
    var lines = [
      "  case \(scenario.id), \(scenario.mode): \(scenario.purpose)"
    ]
    for (index, operation) in scenario.operations.enumerated() {
      lines.append("  call \(index + 1): \(naming.call(operation))")
    }
    if let difference {
      lines.append("  " + style.bad("the subject \(naming.sentence(difference))"))
    }
    let marked = difference.flatMap(Self.markedEntry)
    lines += tables(drawing, subject, reference, marked: marked)
    if let subject, let reference {
      lines += traces(subject: subject.events, reference: reference.events, naming: naming)
      if subject.ending != reference.ending {
        lines.append("  ending: the subject \(naming.phrase(subject.ending))")
        lines.append("          the \(referenceName) \(naming.phrase(reference.ending))")
      }
    }
    return lines
  }

  private func tables(
    _ drawing: StateDrawing, _ subject: Observation?, _ reference: Observation?,
    marked: (table: Int, slot: Int)?
  ) -> [String] {
    var lines = block("tables before", drawing.before())
    guard let subject, let reference else { return lines }
    if subject.tables == reference.tables, subject.lives == reference.lives {
      lines += block("tables after, both sides", drawing.after(subject, marked: marked))
    } else {
      lines += block("tables after, subject", drawing.after(subject, marked: marked))
      lines += block("tables after, \(referenceName)", drawing.after(reference, marked: marked))
    }
    return lines
  }

  private func block(_ title: String, _ tree: [TableTree.Line]) -> [String] {
    ["  \(title):"]
      + tree.map { line in
        line.isMarked ? style.bad("  > \(line.text)") : "    \(line.text)"
      }
  }

  private static func markedEntry(_ difference: Difference) -> (table: Int, slot: Int)? {
    switch difference {
    case .entry(let table, let slot, _, _): (table, slot)
    case .event(_, _, let subject?, _) where subject.kind == EventKind.clear.rawValue:
      (Int(subject.a), Int(subject.b))
    case .event(_, _, _, let reference?) where reference.kind == EventKind.clear.rawValue:
      (Int(reference.a), Int(reference.b))
    default: nil
    }
  }

  private func traces(subject: [Event], reference: [Event], naming: Naming) -> [String] {
    let columns = TraceColumns(subject: subject, reference: reference, naming: naming)
    guard !columns.rows.isEmpty else { return ["  traces: nothing happened on either side"] }
    let width = max(7, columns.rows.map(\.subject.count).max() ?? 0)
    func row(_ left: String, _ right: String) -> String {
      left + String(repeating: " ", count: width - left.count) + " | " + right
    }
    var lines = ["  traces:", "    " + row("subject", referenceName)]
    if columns.omittedBefore > 0 {
      lines.append(style.faint("    ... \(columns.omittedBefore) events alike"))
    }
    for entry in columns.rows {
      let text = row(entry.subject, entry.reference)
      lines.append(entry.isMarked ? style.bad("  > \(text)") : "    \(text)")
    }
    if columns.omittedAfter > 0 {
      lines.append(style.faint("    ... \(columns.omittedAfter) more"))
    }
    return lines
  }
}
