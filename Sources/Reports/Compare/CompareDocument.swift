// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A comparison of two subjects as a document.
package struct CompareDocument {
  private let comparison: SubjectComparison
  /// The most kinds of difference with tables and traces of both sides on a terminal; the most differences
  /// with them in whole forms, those of them that a page leaves open, and the most rows of its index.
  private static let limits = (brief: 8, drawn: 24, unfolded: 4, listed: 200)
  private static let blocks = CaseBlocks(
    names: SideNames(subject: "A", reference: "B"), toleratesExtraFlush: false)

  package static func of(_ comparison: SubjectComparison) -> Document {
    CompareDocument(comparison: comparison).document
  }

  private var sides: [(name: String, report: Report, only: [KernelFunction])] {
    [
      ("A", comparison.first, comparison.onlyFirst),
      ("B", comparison.second, comparison.onlySecond),
    ]
  }

  private var document: Document {
    var document = Document(
      title: "mhpcheck compare",
      name:
        """
        A: \(code: comparison.first.subject.origin, atMost: 200); \
        B: \(code: comparison.second.subject.origin, atMost: 200)
        """,
      lead: lead)
    document.isGood = comparison.isSame
    document.sections = [subjects] + differences
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(comparison.first.tool)"),
      Fact(name: "modes", value: "\(comparison.modes.joined(separator: " "))"),
    ]
    return document
  }

  private var lead: Phrase {
    let run: Phrase =
      "(\(Words.count(comparison.cases, "case")), \(Words.decimals(comparison.seconds)) s)"
    if comparison.isSame { return "\("same", tone: .good): A and B behave the same \(run)" }
    var reasons: [Phrase] = []
    if !comparison.functions.isEmpty {
      reasons.append("in \(Words.names(comparison.functions.map(\.name)))")
    }
    for side in sides {
      let entryPoints = side.only.filter(\.isEntryPoint)
      if !entryPoints.isEmpty {
        reasons.append("only \(side.name) has \(Words.names(entryPoints.map(\.name)))")
      }
    }
    return "\("different", tone: .bad): \(reasons.joined("; ")) \(run)"
  }

  private var subjects: Section {
    var section = Section(id: "subjects", heading: "Subjects", importance: .essential)
    for side in sides {
      var part = Section(
        id: "subject-\(side.name.lowercased())",
        heading: "\(side.name): \(code: side.report.subject.origin)", importance: .essential)
      part.add(.paragraph(VerdictText(side.report).line), .essential)
      if !side.only.isEmpty {
        part.add(
          .paragraph(
            """
            only \(side.name) has \(Words.names(side.only.map(\.name))); cases that call it \
            were not compared
            """
          ))
      }
      part.add(
        .facts([
          Fact(
            name: "sha256 of the extracted text", value: "\(code: side.report.subject.sha256)")
        ]), .full)
      section.sections.append(part)
    }
    return section
  }

  /// One difference of each kind, in the first mode that shows it.
  private var kinds: [SubjectComparison.Finding] {
    struct Kind: Hashable {
      var function: KernelFunction
      var signature: String
      var witness: SubjectComparison.Witness
    }
    var seen: Set<Kind> = []
    return comparison.differences.filter {
      seen.insert(
        Kind(function: $0.group.function, signature: $0.group.signature, witness: $0.witness)
      ).inserted
    }
  }

  private var differences: [Section] {
    guard !comparison.differences.isEmpty else { return [] }
    let kinds = kinds
    let ids = Set(kinds.map(\.id))
    // One of each kind comes before the others where there is no room for all; the ids give the order.
    let ordered = (kinds + comparison.differences.filter { !ids.contains($0.id) }).map(\.id)
    let brief = Set(ordered.prefix(min(kinds.count, Self.limits.brief)))
    let open = Set(ordered.prefix(Self.limits.unfolded))
    let told = Set(ordered.prefix(Self.limits.drawn))
    let drawn = comparison.differences.filter { told.contains($0.id) }
    var section = Section(id: "differences", heading: "Differences", importance: .essential)
    if comparison.differences.count > 1 {
      section.add(.table(index(linkedTo: told)), forms: .linked)
    }
    for (count, forms) in [(brief.count, Block.Forms.short), (drawn.count, Block.Forms.whole)] {
      let rest = comparison.differences.count - count
      if rest > 0 {
        section.add(
          .paragraph("\(rest) more, by mode and kind; --json FILE writes all of them."),
          forms: forms)
      }
    }
    section.sections = drawn.map { difference in
      part(
        difference, importance: brief.contains(difference.id) ? .essential : .full,
        isFolded: !open.contains(difference.id))
    }
    return [section]
  }

  /// All differences in a line each, for the top of a page.
  private func index(linkedTo ids: Set<String>) -> Table {
    let rows = comparison.differences.prefix(Self.limits.listed).map { difference -> Table.Row in
      let target = ids.contains(difference.id) ? difference.id : nil
      return Table.Row(cells: [
        "\(difference.id, target: target)", "\(code: difference.group.function.name)",
        "\(difference.group.mode)", "\(difference.group.places.count)",
        Table.Cell(Self.sentence(difference)),
      ])
    }
    return Table(
      caption: "", head: ["id", "function", "mode", "cases", "what"], rows: rows, isStacked: true)
  }

  private func part(
    _ difference: SubjectComparison.Finding, importance: Importance, isFolded: Bool
  ) -> Section {
    let group = difference.group
    var part = Section(
      id: difference.id,
      heading:
        """
        \(difference.id) \(code: group.function.name) differs on \(group.mode) in \
        \(Words.count(group.places.count, "case"))
        """,
      importance: importance, isFolded: isFolded)
    part.add(
      .paragraph(
        "\(Self.sentence(difference).toned(.bad)); \(Self.sentence(difference.witness))."),
      .essential)
    part.blocks += PairPlaces(difference).blocks
    // Without observations, the calls and the tables before them still show what the case is.
    part.blocks += Self.blocks.blocks(
      id: difference.id, scenario: difference.scenario, difference: difference.difference,
      subject: difference.observed?.first, reference: difference.observed?.second)
    for (place, replay) in difference.replays.enumerated() {
      part.add(
        .command(
          Command(
            id: "\(difference.id)-replay-\(place + 1)", name: "replay \(difference.id)",
            line: replay, purpose: "replay")), .essential)
    }
    return part
  }

  /// The first difference of the two, as a sentence.
  private static func sentence(_ difference: SubjectComparison.Finding) -> Phrase {
    guard let observed = difference.observed else {
      return "A subject kills the process that runs it"
    }
    return blocks.sentence(
      scenario: difference.scenario, difference: difference.difference, subject: observed.first,
      reference: observed.second)
  }

  private static func sentence(_ witness: SubjectComparison.Witness) -> Phrase {
    switch witness {
    case .first: "the port agrees with A"
    case .second: "the port agrees with B"
    case .both: "the port agrees with both"
    case .neither: "the port agrees with neither"
    }
  }
}
