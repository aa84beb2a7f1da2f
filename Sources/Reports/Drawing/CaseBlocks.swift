// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// One case as blocks of a document: the calls, the tables before and after, and the traces side by side.
struct CaseBlocks {
  var names = SideNames()
  /// Whether the alignment of traces skips extra flushes, as `Observation.compared` does.
  var toleratesExtraFlush = true
  /// The most lines of tables, and rows of traces before and after the divergence, in a short form.
  var brief = (lines: 7, before: 2, after: 2)

  /// The most lines of one table tree, because a subject can allocate thousands of tables.
  private static let drawn = 60
  private static let calls = 40

  /// The blocks of a reported difference, with the case from which its case was shrunk.
  func blocks(_ reported: ReportedDifference) -> [Block] {
    var title: Phrase?
    if let origin = reported.madeFrom {
      let end: Phrase =
        reported.isMinimal
        ? "it is minimal" : "it may not be minimal, as time was up"
      // The purpose of the case is not that of the smaller one.
      title = "case made smaller from \(code: "\(origin)@\(reported.scenario.mode)"); \(end)"
    }
    return blocks(
      id: reported.id, scenario: reported.scenario, difference: reported.difference,
      subject: reported.subject, reference: reported.reference, title: title)
  }

  /// The blocks of one case. A subject without an observation killed its worker process.
  ///
  /// - Parameters:
  ///   - id: the prefix of the drawings' anchors.
  ///   - title: the case in words; nil for its id and purpose.
  func blocks(
    id: String, scenario: Scenario, difference: Difference?, subject: Observation?,
    reference: Observation?, title: Phrase? = nil
  ) -> [Block] {
    guard
      let tables = CaseTables(scenario: scenario, subject: subject, reference: reference)
    else { return [Block(kind: .paragraph("The case cannot be drawn."))] }
    let purpose: Phrase =
      """
      case \(code: "\(scenario.id)@\(scenario.mode)"): \
      \(sentence: scenario.purpose, atMost: 600)
      """
    var blocks = [
      Block(kind: .paragraph(title ?? purpose)),
      Block(kind: .listing(calls(scenario, tables.naming))),
    ]
    let parting = difference?.unfolded(
      of: subject, from: reference, toleratesExtraFlush: toleratesExtraFlush)
    blocks += drawings(id, tables, scenario, parting, subject, reference)
    if let subject, let reference {
      blocks += traces(tables, subject, reference)
    } else if let reference {
      blocks.append(Block(kind: trace(tables, reference), importance: .full))
    }
    return blocks
  }

  /// The first difference between two sides, as a sentence.
  func sentence(
    scenario: Scenario, difference: Difference?, subject: Observation?, reference: Observation?
  ) -> Phrase {
    let tables = CaseTables(scenario: scenario, subject: subject, reference: reference)
    guard let difference, let naming = tables?.naming else {
      return "\(names.subject) kills the process that runs it"
    }
    let told = difference.told(
      of: subject, from: reference, toleratesExtraFlush: toleratesExtraFlush)
    // A translation knows the whole sentence only about the usual sides.
    if names != SideNames(), case .ending(let subject, let reference) = told {
      return
        """
        \(names.subject) \(naming.phrase(subject)); \(names.reference) \
        \(naming.phrase(reference))
        """
    }
    return "\(names.subject) \(naming.sentence(told, reference: names.reference))"
  }

  private func calls(_ scenario: Scenario, _ naming: TableNames) -> Listing {
    var lines = scenario.operations.prefix(Self.calls).enumerated().map { place, operation in
      Listing.Line(text: "call \(place + 1): \(naming.call(operation))")
    }
    let rest = scenario.operations.count - Self.calls
    if rest > 0 { lines.append(Listing.Line(text: "... \(rest) more calls", tone: .faint)) }
    return Listing(caption: .empty, lines: lines)
  }

  // MARK: - Tables

  private func drawings(
    _ id: String, _ tables: CaseTables, _ scenario: Scenario, _ difference: Difference?,
    _ subject: Observation?, _ reference: Observation?
  ) -> [Block] {
    let figures = CaseFigures(id: id, drawing: tables, scenario: scenario, difference: difference)
    let before = [figures.before()]
    let after = figures.after(subject, reference, names)
    return [before, after].filter { !$0.isEmpty }.map { row in
      Block(
        kind: .figures(row),
        importance: row.allSatisfy { $0.lines.count <= brief.lines } ? .brief : .full)
    }
  }

  /// The lines of a tree, from its start, or from shortly above its marked line if that is far down.
  static func lines(_ tree: [TableTree.Line]) -> [Listing.Line] {
    let mark = tree.firstIndex(where: \.isMarked) ?? 0
    let start = mark < drawn ? 0 : mark - drawn / 2
    var lines = tree[start...].prefix(drawn).map {
      Listing.Line(text: $0.text, isMarked: $0.isMarked)
    }
    if start > 0 {
      lines.insert(
        Listing.Line(
          text: """
            ... \(start) lines above
            """, tone: .faint), at: 0)
    }
    let rest = tree.count - start - drawn
    if rest > 0 { lines.append(Listing.Line(text: "... \(rest) more lines", tone: .faint)) }
    return lines
  }

  /// The entry in which two sides differ.
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

  // MARK: - Traces

  private func traces(
    _ tables: CaseTables, _ subject: Observation, _ reference: Observation
  ) -> [Block] {
    let whole = trace(tables, subject, reference, before: 10, after: 10)
    guard !whole.rows.isEmpty else {
      return [Block(kind: .paragraph("Nothing happened on either side."))]
    }
    let short = trace(tables, subject, reference, before: brief.before, after: brief.after)
    if short.rows.count == whole.rows.count { return [Block(kind: .table(whole))] }
    return [
      Block(kind: .table(short), forms: .short), Block(kind: .table(whole), forms: .whole),
    ]
  }

  private func trace(
    _ tables: CaseTables, _ subject: Observation, _ reference: Observation, before: Int, after: Int
  ) -> Table {
    let naming = tables.naming(of: subject)
    let referenceNaming = tables.naming(of: reference)
    let columns = TraceColumns(
      subject: subject.events, reference: reference.events, naming: naming,
      referenceNaming: referenceNaming, toleratesExtraFlush: toleratesExtraFlush, before: before,
      after: after, folds: true)
    var rows = columns.rows.map { row -> Table.Row in
      let texts = row.texts
      return Table.Row(
        cells: ["\(code: texts.subject)", "\(code: texts.reference)"], isMarked: row.isMarked)
    }
    if subject.ending != reference.ending {
      let isFirst = !columns.rows.contains(where: \.isMarked)
      rows.append(
        Table.Row(
          cells: [
            "\(code: naming.phrase(subject.ending))",
            "\(code: referenceNaming.phrase(reference.ending))",
          ], isMarked: isFirst))
    }
    let omitted = [
      columns.omittedBefore > 0
        ? "\(Words.count(columns.omittedBefore, "event")) alike before these" as Phrase : nil,
      columns.omittedAfter > 0 ? "\(columns.omittedAfter) more after them" : nil,
    ].compactMap { $0 }
    let caption: Phrase = "traces side by side"
    return Table(
      caption: omitted.isEmpty ? caption : "\(caption) (\(omitted.clauses))",
      head: ["\(names.subjectTitle)", "\(names.referenceTitle)"], rows: rows, hasRule: true)
  }

  /// The trace of the reference, for a subject without an observation.
  private func trace(_ tables: CaseTables, _ reference: Observation) -> Block.Kind {
    let naming = tables.naming(of: reference)
    let limit = 24
    var lines = reference.events.prefix(limit).map { Listing.Line(text: naming.phrase($0)) }
    let rest = reference.events.count - limit
    if rest > 0 { lines.append(Listing.Line(text: "... \(rest) more events", tone: .faint)) }
    if reference.ending.kind != EndingKind.finished.rawValue {
      lines.append(Listing.Line(text: naming.phrase(reference.ending)))
    }
    return .listing(Listing(caption: "trace", lines: lines))
  }
}
