// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Hazards, mends and the compiler's warnings: parts of a check's document that no verdict counts.
extension CheckDocument {
  var mends: Section? {
    guard !report.mends.isEmpty else { return nil }
    var section = Section(
      id: "mends", heading: "Mends: where upstream's text does wrong and the subject does not")
    section.add(
      .list(
        report.mends.map { reported in
          let group = reported.group
          return
            """
            \(group.mend.id, tone: .strong): \(reported.title) (\(group.mend.rule.rawValue); \
            \(Words.count(group.places.count, "case")), \(group.modes.joined(separator: " ")))
            """
        }))
    section.add(
      .command(
        Command(
          id: "mend-replay", name: "replay \(report.mends[0].group.mend.id)",
          line: report.mends[0].replay, purpose: "to see one")), .full)
    return section
  }

  /// All ids of the hazards; a range such as "H1 to H8" would hide a missing one.
  private var hazardNames: Phrase {
    let listed = report.hazards.compactMap(\.group.hazard).map(\.rawValue)
    let unlisted = report.hazards.count - listed.count
    return Words.list(listed + (unlisted > 0 ? ["\(unlisted) unlisted"] : []))
  }

  var hazards: Section? {
    var section = Section(id: "hazards", heading: "Hazards", importance: .essential)
    guard !report.hazards.isEmpty else {
      section.add(.paragraph("No case broke a rule that the reference breaks, too."), .full)
      return section
    }
    section.add(
      .paragraph(
        """
        \(Words.count(report.hazards.count, "hazard")) of upstream's own text, which no \
        verdict counts: \(hazardNames).
        """
      ), .essential)
    guard least >= .full else { return section }
    section.sections = report.hazards.prefix(40).enumerated().map { place, reported in
      let group = reported.group
      var part = Section(
        id: "hazard-\(place + 1)",
        heading:
          """
          \(group.id): \(reported.title) (\(Words.count(group.places.count, "case")), \
          \(group.modes.joined(separator: " ")))
          """,
        importance: .full, isFolded: true)
      part.add(
        .paragraph(
          """
          \(code: "\(reported.scenario.id)@\(reported.scenario.mode)"): \
          \(group.violation.sentence)
          """))
      for block in CaseBlocks().blocks(
        id: part.id, scenario: reported.scenario, difference: nil, subject: nil,
        reference: reported.reference)
      {
        var folded = block
        folded.forms = block.forms == .all ? .page : block.forms
        part.blocks.append(folded)
      }
      part.add(
        .command(
          Command(
            id: "\(part.id)-replay", name: "replay \(group.id)", line: reported.replay,
            purpose: "to see it")))
      return part
    }
    return section
  }

  var warnings: Section? {
    guard !report.compilerWarnings.isEmpty else { return nil }
    var section = Section(
      id: "compiler", heading: "The compiler warns (no part of the verdict)")
    section.add(.list(report.compilerWarnings.map { "\(code: $0, atMost: 300)" }))
    return section
  }
}
