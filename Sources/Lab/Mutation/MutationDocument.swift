// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Reports

/// The fate of a subject's mutants as a document.
package struct MutationDocument {
  private let report: MutationReport

  package static func of(_ report: MutationReport) -> Document {
    MutationDocument(report: report).document
  }

  private var document: Document {
    let score = report.score()
    var document = Document(
      title: "mhpcheck mutate", name: "\(code: report.subject.origin, atMost: 300)", lead: lead)
    document.isGood = report.isComplete ? score.killed == score.total : nil
    document.sections = [survivors, functions, notes].compactMap { $0 }
    document.footer = [
      Fact(name: "tool", value: "mhpcheck \(report.tool)"),
      Fact(name: "SHA-256 of the extracted text", value: "\(code: report.subject.sha256)"),
    ]
    return document
  }

  private var lead: Phrase {
    let score = report.score()
    let run: Phrase = "(\(Words.decimals(report.seconds)) s)"
    let figures: Phrase = "\(score.killed) of \(Words.count(score.total, "mutant")) killed"
    guard report.isComplete else { return "\("incomplete", tone: .bad): \(figures) so far \(run)" }
    guard score.total > 0 else {
      return "no mutants: no change compiles \(run)"
    }
    let percent = score.killed * 1000 / score.total
    let share = "\(percent / 10).\(percent % 10) %"
    let tone: Span.Tone = score.killed == score.total ? .good : .bad
    return "mutation score \(share, tone: tone): \(figures) \(run)"
  }

  private var survivors: Section? {
    let survivors = report.mutants.filter { $0.fate == .survived }
    guard !survivors.isEmpty else { return nil }
    var section = Section(id: "survivors", heading: "Survivors", importance: .essential)
    section.sections = survivors.enumerated().map { place, mutant in
      var part = Section(
        id: "survivor-\(place + 1)", heading: "\(code: mutant.id) survives",
        importance: .essential)
      part.add(.paragraph("\(mutant.what), \(code: "\(mutant.file):\(mutant.line)")"), .essential)
      let lines = mutant.diff.split(separator: "\n").map { line -> Listing.Line in
        let tone: Span.Tone =
          switch line.first {
          case "-" where !line.hasPrefix("---"): .bad
          case "+" where !line.hasPrefix("+++"): .good
          default: .faint
          }
        return Listing.Line(text: String(line), tone: tone)
      }
      part.add(.listing(Listing(caption: "", lines: lines, language: "diff")), .essential)
      return part
    }
    return section
  }

  private var functions: Section? {
    guard !report.functions.isEmpty else { return nil }
    var section = Section(id: "functions", heading: "Functions")
    section.add(
      .table(
        Table(
          caption: "", head: ["function", "killed", "of", "equivalent"],
          rows: report.functions.map { name in
            let score = report.score(of: name)
            let tone: Span.Tone = score.killed == score.total ? .good : .bad
            return Table.Row(cells: [
              "\(code: name)", "\(String(score.killed), tone: tone)", "\(score.total)",
              "\(score.equivalent)",
            ])
          }, numbers: [1, 2, 3])))
    return section
  }

  private var notes: Section? {
    var lines: [Phrase] = report.stale.map {
      "\("stale", tone: .bad): the argument for \(code: $0.id) does not hold: \(code: $0.why)"
    }
    lines += report.unread.map { "not read, so not mutated: \(code: $0)" }
    if report.subjectDiffers {
      lines.append(
        """
        the subject itself differs from the reference: such catalogue cases count by the kind of \
        difference; such universes and random cases do not count
        """
      )
    }
    let uncounted = report.uncounted
    let counts: [(Int, String)] = [
      (report.score().equivalent, "equivalent by argument"),
      (uncounted.identical, "compiled to the subject's own code"),
      (uncounted.duplicates, "compiled to the code of another mutant"),
      (uncounted.uncompilable, "do not compile"), (uncounted.notRun, "not run"),
    ]
    let some = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" as Phrase }
    if !some.isEmpty { lines.append("not counted: \(some.clauses)") }
    guard !lines.isEmpty else { return nil }
    var section = Section(id: "notes", heading: "Not counted and not read")
    section.add(.list(lines))
    return section
  }
}
