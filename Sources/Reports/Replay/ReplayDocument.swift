// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Oracle
import Port

/// A replayed case as a document.
package struct ReplayDocument {
  package static func of(_ replayed: ReplayedCase) -> Document {
    let blocks = CaseBlocks(brief: (lines: 60, before: 10, after: 10))
    let isSame = replayed.subject != nil && replayed.difference == nil
    let parting = blocks.sentence(
      scenario: replayed.scenario, difference: replayed.difference, subject: replayed.subject,
      reference: replayed.reference)
    var document = Document(
      title: "mhpcheck replay",
      name: "\(code: "\(replayed.scenario.id)@\(replayed.scenario.mode)")",
      lead: isSame
        ? "\("same", tone: .good): both sides do the same"
        : "\("differs", tone: .bad): \(parting)")
    document.isGood = isSame
    var section = Section(id: "case", heading: "", importance: .essential)
    section.add(
      .facts([
        Fact(name: "subject", value: "\(code: replayed.subjectName)"),
        Fact(name: "against", value: "\(replayed.against.name)"),
      ]), .essential)
    section.blocks += blocks.blocks(
      id: "case", scenario: replayed.scenario, difference: replayed.difference,
      subject: replayed.subject, reference: replayed.reference)
    var rules = Section(id: "rules", heading: "Rules of the oracle", importance: .essential)
    let broken =
      replayed.broken.own.map { sentence($0, by: "the subject alone breaks") }
      + replayed.broken.shared.map { sentence($0, by: "both sides break") }
    if !broken.isEmpty { rules.add(.list(broken), .essential) }
    document.sections = [section] + (broken.isEmpty ? [] : [rules])
    return document
  }

  private static func sentence(_ violation: Violation, by sides: String) -> Phrase {
    let hazard: Phrase = violation.hazard.map { ", hazard \($0.rawValue)" } ?? ""
    return
      """
      \(sides) \(violation.rule.rawValue, tone: .strong)\(hazard) in call \
      \(violation.operation + 1): \(violation.sentence)
      """
  }
}
