// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle
import Reports

/// A confirmation as a document: one row per case, the disagreements of model and kernel, and the hazards
/// with the kernel's own lines.
package struct ConfirmDocument {
  private let report: ConfirmReport
  /// `brief`: the most disagreements of a case, and kernel lines of a place; `places`: the most places of a
  /// hazard. JSON has the rest. `rows` is unused.
  private static let limits = (brief: 12, places: 3)

  package static func of(_ report: ConfirmReport, tool: String) -> Document {
    let own = ConfirmDocument(report: report)
    var document = Document(
      title: "mhpcheck confirm", name: "\(code: report.kernel)", lead: own.lead)
    document.isGood =
      report.cases.contains { $0.status == .disagrees }
      ? false : report.cases.contains(where: \.isSkipped) ? nil : true
    document.sections = [own.skips, own.disagreements, own.hazards, own.cases].compactMap { $0 }
    document.footer = [Fact(name: "tool", value: "mhpcheck \(tool)")]
    return document
  }

  private var lead: Phrase {
    let details = ConfirmWords.details(release: report.release, machine: report.machine)
    let more: Phrase = details.isEmpty ? "" : " (\(code: details))"
    return "\(code: report.kernel)\(more): \(ConfirmWords.summary(report))"
  }

  private var skips: Section? {
    let skips = ConfirmWords.skips(report)
    guard !skips.isEmpty else { return nil }
    var section = Section(id: "skipped", heading: "", importance: .essential)
    for skip in skips {
      section.add(
        .paragraph(
          """
          \("skipped", tone: .strong): \(sentence: skip.reason) \
          (\(Words.count(skip.count, "case")))
          """), .essential)
    }
    return section
  }

  private var cases: Section {
    var section = Section(id: "cases", heading: "Cases")
    section.add(
      .table(
        Table(
          caption: "", head: ["result", "case", "mode", "seconds", "compared"],
          rows: report.cases.map { one in
            let id: Table.Cell = "\(code: one.confirmCase.id)"
            if case .skipped(let reason) = one.status {
              return Table.Row(cells: [
                "skipped", id, "\(one.mode)", "", "\(sentence: reason, atMost: 120)",
              ])
            }
            let compared = one.compared
            let result: Table.Cell =
              one.status == .agrees
              ? "\("ok", tone: .good)" : "\("DIFFERS", tone: .bad)"
            return Table.Row(cells: [
              result, id, "\(one.mode)", "\(Words.decimals(one.seconds))",
              "\(compared.leaves) leaves, \(compared.tables) tables, \(compared.events) events",
            ])
          }, numbers: [3])))
    return section
  }

  private var disagreements: Section? {
    let differing = report.cases.filter { !$0.disagreements.isEmpty }
    guard !differing.isEmpty else { return nil }
    var section = Section(
      id: "partings", heading: "Where model and kernel part", importance: .essential)
    section.sections = differing.map { one in
      var part = Section(
        id: "parting-\(one.confirmCase.id)-\(one.mode)",
        heading: "\(code: "\(one.confirmCase.id)@\(one.mode)")", importance: .essential)
      if !one.missingFixes.isEmpty {
        part.add(
          .paragraph(Phrase(ConfirmWords.missing(one.missingFixes)).capitalised + "."), .essential)
      }
      part.add(
        .table(
          Table(
            caption: "", head: ["after", "aspect", "place", "model", "kernel"],
            rows: one.disagreements.prefix(Self.limits.brief).map { parting in
              Table.Row(cells: [
                "\(code: parting.step)", "\(parting.aspect.rawValue)", "\(code: parting.place)",
                "\(code: parting.model)", "\(code: parting.kernel)",
              ])
            })))
      let rest = one.disagreements.count - Self.limits.brief
      if rest > 0 { part.add(.paragraph("\(rest) more; --json has all.")) }
      return part
    }
    return section
  }

  private var hazards: Section? {
    let hazards = ConfirmedHazard.all(report)
    guard !hazards.isEmpty else { return nil }
    var section = Section(
      id: "hazards", heading: "Hazards of upstream's own text, predicted and seen")
    section.sections = hazards.map { hazard in
      let seen = hazard.places.count { $0.hazard.seen != nil }
      var part = Section(
        id: "hazard-\(hazard.id.rawValue)",
        heading:
          """
          \(hazard.id.rawValue): \(Hazard(hazard.id).title) (predicted for \
          \(Words.count(hazard.places.count, "step")), seen in \(seen))
          """
      )
      // Places with an observation come first, because they say more.
      let ordered =
        hazard.places.filter { $0.hazard.seen != nil }
        + hazard.places.filter { $0.hazard.seen == nil }
      for place in ordered.prefix(Self.limits.places) { add(place, to: &part) }
      let rest = ordered.count - Self.limits.places
      if rest > 0 { part.add(.paragraph("\(rest) more; --json has all.")) }
      return part
    }
    return section
  }

  private func add(_ place: ConfirmedHazard.Place, to part: inout Section) {
    let hazard = place.hazard
    let seen: Phrase =
      hazard.seen.map { "\(code: $0)" } ?? Phrase(ConfirmWords.unseen, tone: .faint)
    part.add(.paragraph("\(code: "\(place.id)@\(place.mode)"), \(code: hazard.step):"))
    part.add(
      .facts([
        Fact(name: "  model", value: "\(code: hazard.predicted)"),
        Fact(name: "  kernel", value: seen),
      ]))
    guard !hazard.lines.isEmpty else { return }
    var lines = hazard.lines.prefix(Self.limits.brief).map { Listing.Line(text: "| \($0)") }
    let rest = hazard.lines.count - Self.limits.brief
    if rest > 0 {
      lines.append(Listing.Line(text: "... \(rest) more lines; --json has all", tone: .faint))
    }
    part.add(.listing(Listing(caption: "", lines: lines)))
  }
}
