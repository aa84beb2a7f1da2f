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

  /// The lines of one difference.
  public func lines(_ reported: ReportedDifference) -> [String] {
    let scenario = reported.scenario
    guard let image = try? scenario.lowered() else { return [] }
    let levels = Self.levels(image, reported.subject, reported.reference)
    let naming = Naming(layout: image.layout, levels: levels)
    var lines = [
      "  case \(scenario.id), \(scenario.mode): \(scenario.purpose)"
    ]
    for (index, operation) in scenario.operations.enumerated() {
      lines.append("  call \(index + 1): \(naming.call(operation))")
    }
    if let difference = reported.difference {
      lines.append("  " + style.bad("the subject \(naming.sentence(difference))"))
    }
    lines += tables(reported, image: image, naming: naming)
    if let subject = reported.subject, let reference = reported.reference {
      lines += traces(subject: subject.events, reference: reference.events, naming: naming)
      if subject.ending != reference.ending {
        lines.append("  ending: the subject \(naming.phrase(subject.ending))")
        lines.append("          the \(referenceName) \(naming.phrase(reference.ending))")
      }
    }
    lines.append("  replay: " + style.strong(reported.replay))
    return lines
  }

  private static func levels(
    _ image: MachineImage, _ subject: Observation?, _ reference: Observation?
  ) -> [UInt32] {
    let known = image.tables.map(\.level)
    let longer = [subject, reference].compactMap { $0?.lives.map(\.level) }.max {
      $0.count < $1.count
    }
    return known + (longer ?? []).dropFirst(known.count)
  }

  private func tables(
    _ reported: ReportedDifference, image: MachineImage, naming: Naming
  ) -> [String] {
    let before = Self.words(of: image)
    let marked = reported.difference.flatMap(Self.markedEntry)
    let live = Array(repeating: true, count: before.count)
    var lines = block("tables before", naming, before, live, marked: nil)
    guard let subject = reported.subject, let reference = reported.reference else { return lines }
    if subject.tables == reference.tables, subject.lives == reference.lives {
      lines += block(
        "tables after, both sides", naming, subject.tables, subject.lives.map { $0.live == 1 },
        marked: marked)
    } else {
      lines += block(
        "tables after, subject", naming, subject.tables, subject.lives.map { $0.live == 1 },
        marked: marked)
      lines += block(
        "tables after, \(referenceName)", naming, reference.tables,
        reference.lives.map { $0.live == 1 }, marked: marked)
    }
    return lines
  }

  private func block(
    _ title: String, _ naming: Naming, _ tables: [[UInt64]], _ isLive: [Bool],
    marked: (table: Int, slot: Int)?
  ) -> [String] {
    let tree = TableTree(naming: naming, tables: tables, isLive: isLive, marked: marked)
    return ["  \(title):"]
      + tree.lines().map { line in
        line.isMarked ? style.bad("  > \(line.text)") : "    \(line.text)"
      }
  }

  private static func words(of image: MachineImage) -> [[UInt64]] {
    var tables = Array(
      repeating: [UInt64](repeating: 0, count: image.layout.entriesPerTable),
      count: image.tables.count)
    for word in image.words { tables[Int(word.table)][Int(word.slot)] = word.word }
    return tables
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
