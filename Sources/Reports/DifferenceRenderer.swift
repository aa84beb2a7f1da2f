// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// One difference as terminal text: the scenario, the page tables before and after on both sides,
/// and the two traces lined up where they part.
struct DifferenceRenderer: Sendable {
  private let style: TextStyle
  private let names: SideNames
  private let toleratesExtraFlush: Bool
  /// Lines of one drawing of tables: a subject can allocate thousands.
  private let drawn = 60

  /// A renderer for sides of these names; traces are lined up as `Observation.compared` compared
  /// them.
  init(
    style: TextStyle, names: SideNames = SideNames(), toleratesExtraFlush: Bool = true
  ) {
    self.style = style
    self.names = names
    self.toleratesExtraFlush = toleratesExtraFlush
  }

  /// The lines of one reported difference, with the command that replays it.
  func lines(_ reported: ReportedDifference) -> [String] {
    lines(
      scenario: reported.scenario, difference: reported.difference, subject: reported.subject,
      reference: reported.reference) + [Self.origin(reported)].compactMap { $0 }
      + ["  replay: " + style.strong(SafeText.line(reported.replay))]
  }

  /// What a case was made from, and whether there is more to leave out.
  private static func origin(_ reported: ReportedDifference) -> String? {
    reported.madeFrom.map { origin in
      let end =
        reported.isMinimal
        ? "nothing more of it can be left out" : "there may be more to leave out: time was up"
      return "  made smaller from \(SafeText.line(origin)); \(end)"
    }
  }

  /// The lines of one case; a side that was not observed killed the process that ran it.
  func lines(
    scenario: Scenario, difference: Difference?, subject: Observation?, reference: Observation?
  ) -> [String] {
    guard
      let drawing = CaseTables(scenario: scenario, subject: subject, reference: reference)
    else { return [] }
    let naming = drawing.naming
    var lines = [
      "  case \(SafeText.line(scenario.id)), \(scenario.mode): \(SafeText.line(scenario.purpose))"
    ]
    for (index, operation) in scenario.operations.enumerated() {
      lines.append("  call \(index + 1): \(naming.call(operation))")
    }
    if let difference {
      let sentence = naming.sentence(difference, reference: names.reference)
      lines.append("  " + style.bad("\(names.subject) \(sentence)"))
    } else if subject == nil {
      lines.append("  " + style.bad("\(names.subject) kills the process that runs it"))
    }
    let marked = difference.flatMap(Self.markedEntry)
    lines += tables(drawing, subject, reference, marked: marked)
    if let subject, let reference {
      lines += traces(subject, reference, drawing)
      if subject.ending != reference.ending {
        lines.append("  ending: \(names.subject) \(naming.phrase(subject.ending))")
        lines.append("          \(names.reference) \(naming.phrase(reference.ending))")
      }
    }
    return lines
  }

  private func tables(
    _ drawing: CaseTables, _ subject: Observation?, _ reference: Observation?,
    marked: (table: Int, slot: Int)?
  ) -> [String] {
    var lines = block("tables before", drawing.before())
    guard let subject, let reference else { return lines }
    if subject.tables == reference.tables, subject.lives == reference.lives {
      lines += block("tables after, both sides", drawing.after(subject, marked: marked))
    } else {
      lines += block(
        "tables after, \(names.subjectTitle)", drawing.after(subject, marked: marked))
      lines += block(
        "tables after, \(names.referenceTitle)", drawing.after(reference, marked: marked))
    }
    return lines
  }

  private func block(_ title: String, _ tree: [TableTree.Line]) -> [String] {
    var lines = ["  \(title):"]
    // A long drawing is shown from its start, or from a little above the mark when that lies below.
    let mark = tree.firstIndex(where: \.isMarked) ?? 0
    let start = mark < drawn ? 0 : mark - drawn / 2
    if start > 0 { lines.append(style.faint("    ... \(start) lines above")) }
    for line in tree[start...].prefix(drawn) {
      lines.append(line.isMarked ? style.bad("  > \(line.text)") : "    \(line.text)")
    }
    let rest = tree.count - start - drawn
    if rest > 0 { lines.append(style.faint("    ... \(rest) more lines")) }
    return lines
  }

  /// The entry in which two sides part.
  static func markedEntry(_ difference: Difference) -> (table: Int, slot: Int)? {
    switch difference {
    case .entry(let table, let slot, _, _): (table, slot)
    case .event(_, _, let subject?, _) where subject.kind == EventKind.clear.rawValue:
      (Int(truncatingIfNeeded: subject.a), Int(truncatingIfNeeded: subject.b))
    case .event(_, _, _, let reference?) where reference.kind == EventKind.clear.rawValue:
      (Int(truncatingIfNeeded: reference.a), Int(truncatingIfNeeded: reference.b))
    default: nil
    }
  }

  private func traces(
    _ subject: Observation, _ reference: Observation, _ drawing: CaseTables
  ) -> [String] {
    let columns = TraceColumns(
      subject: subject.events, reference: reference.events, naming: drawing.naming(of: subject),
      referenceNaming: drawing.naming(of: reference), toleratesExtraFlush: toleratesExtraFlush)
    guard !columns.rows.isEmpty else { return ["  traces: nothing happened on either side"] }
    let layout = ColumnLayout(
      rows: columns.rows.map { ($0.subject, $0.reference) }
        + [(names.subjectTitle, names.referenceTitle)],
      within: style.columns.map { $0 - 4 })
    var lines = [
      "  traces:", "    " + layout.row(names.subjectTitle, names.referenceTitle),
    ]
    if columns.omittedBefore > 0 {
      lines.append(style.faint("    ... \(columns.omittedBefore) events alike"))
    }
    for entry in columns.rows {
      let text = layout.row(entry.subject, entry.reference)
      lines.append(entry.isMarked ? style.bad("  > \(text)") : "    \(text)")
    }
    if columns.omittedAfter > 0 {
      lines.append(style.faint("    ... \(columns.omittedAfter) more"))
    }
    return lines
  }
}
