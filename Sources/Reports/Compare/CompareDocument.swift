// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A comparison of two subjects as a document.
package struct CompareDocument {
  private let comparison: SubjectComparison
  /// The most kinds of difference with tables and traces of both sides.
  private static let shown = 8

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
    var document = Document(title: "mhpcheck compare", name: "", lead: lead)
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
    var section = Section(id: "differences", heading: "Differences", importance: .essential)
    section.sections = kinds.prefix(Self.shown).map(part)
    let rest = comparison.differences.count - section.sections.count
    if rest > 0 {
      section.add(.paragraph("\(rest) more, by mode and kind; --json FILE writes all of them."))
    }
    return [section]
  }

  private func part(_ difference: SubjectComparison.Finding) -> Section {
    let group = difference.group
    var part = Section(
      id: difference.id,
      heading:
        """
        \(difference.id) \(code: group.function.name) differs on \(group.mode) in \
        \(Words.count(group.places.count, "case"))
        """,
      importance: .essential)
    let blocks = CaseBlocks(
      names: SideNames(subject: "A", reference: "B"), toleratesExtraFlush: false)
    if let observed = difference.observed {
      part.add(
        .paragraph(
          blocks.sentence(
            scenario: difference.scenario, difference: difference.difference,
            subject: observed.first, reference: observed.second
          ).toned(.bad) + "; \(Self.sentence(difference.witness))."), .essential)
      part.blocks += blocks.blocks(
        id: difference.id, scenario: difference.scenario, difference: difference.difference,
        subject: observed.first, reference: observed.second)
    } else {
      part.add(
        .paragraph(
          """
          \("A subject kills the process that runs it", tone: .bad) in case \
          \(code: "\(difference.scenario.id)@\(difference.scenario.mode)"); \
          \(Self.sentence(difference.witness)).
          """
        ), .essential)
    }
    for (place, replay) in difference.replays.enumerated() {
      part.add(
        .command(
          Command(
            id: "\(difference.id)-replay-\(place + 1)", name: "replay \(difference.id)",
            line: replay, purpose: "replay")), .essential)
    }
    return part
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
