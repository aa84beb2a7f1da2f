// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// The comparison of a report with a file of expectations.
struct ExpectationSection {
  let outcome: ExpectationOutcome

  var section: Section {
    var section = Section(id: "expectations", heading: "Expectations", importance: .answer)
    let file: Phrase = "\(code: outcome.file)"
    let known: Phrase = "\(outcome.expected.count) known"
    if outcome.isMet {
      section.add(
        .paragraph("\("as expected", tone: .good): \(known), nothing else (\(file))"), .answer)
    } else {
      var parts: [Phrase] = []
      if !outcome.unexpected.isEmpty { parts.append("\(outcome.unexpected.count) unexpected") }
      if !outcome.stale.isEmpty { parts.append("\(outcome.stale.count) no longer occur") }
      section.add(
        .paragraph(
          """
          \("not as expected", tone: .bad): \(parts.clauses), \(known) (\(file)); \
          --update-expectations updates the file
          """
        ), .answer)
    }
    let findings: [Phrase] =
      outcome.unexpected.map { "\("unexpected", tone: .bad): \($0.sentence)" }
      + outcome.stale.map {
        "\(file):\($0.line): \(code: $0.text) no longer occurs; remove this line"
      }
    if !findings.isEmpty { section.add(.list(findings), .answer) }
    if outcome.unexplained > 0 {
      section.add(
        .paragraph(
          "\(file): \(Words.count(outcome.unexplained, "expectation")) without a reason"))
    }
    return section
  }
}
