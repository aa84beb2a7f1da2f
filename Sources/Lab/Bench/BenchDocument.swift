// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Reports

/// The cost of cases as a document. With a comparison, the answer is that, and the costs stand below it.
package struct BenchDocument {
  package static func of(_ report: BenchReport, tool: String) -> Document {
    let costs: Phrase = "nanoseconds of processor time a case: in C, in the port, and checked"
    var document = Document(title: "mhpcheck bench", name: "", lead: costs)
    document.isVerdict = false
    var section = Section(id: "costs", heading: "", importance: .essential)
    section.add(
      .table(
        Table(
          caption: "",
          head: [
            "entries", "mode", "what", "cases", "c ns", "port ns", "checked ns", "checked/c",
            "port/c",
          ],
          rows: report.rows.map { row in
            Table.Row(cells: [
              "\(row.geometry)", "\(row.mode)", "\(row.name)", "\(row.cases)",
              "\(Int(row.subject.rounded()))", "\(Int(row.port.rounded()))",
              "\(Int(row.checked.rounded()))", "\(Words.decimals(row.checkedToSubject))",
              "\(Words.decimals(row.portToSubject))",
            ])
          }, numbers: [0, 3, 4, 5, 6, 7, 8])), .essential)
    document.footer = [Fact(name: "tool", value: "mhpcheck \(tool)")]
    if let comparison = report.comparison {
      document.lead = comparison.lead
      document.isVerdict = true
      document.isGood = comparison.isGood
      document.sections = [comparison.section]
      document.footer.append(
        Fact(name: "the other program", value: "\(code: comparison.version)"))
      section.heading = costs
    }
    document.sections.append(section)
    return document
  }
}
