// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Reports
@testable import Subjects

@Suite("Explanations")
struct ExplanationTests {
  @Test(
    "Every id of every kind leads to its explanation, with all four parts",
    arguments: Explanation.Kind.allCases)
  func complete(_ kind: Explanation.Kind) throws {
    let ids = Explanations.ids(kind)
    #expect(!ids.isEmpty)
    for id in ids {
      let explanation = try #require(Explanations.find(id), "\(id)")
      #expect(explanation.kind == kind, "\(id)")
      if kind != .case { #expect(explanation.id == id) }
      #expect(!explanation.title.isEmpty, "\(id)")
      for part in [explanation.what, explanation.why, explanation.origin] {
        #expect(part.count > 15, "\(id): \"\(part)\"")
      }
      for part in [explanation.what, explanation.why] {
        #expect(part.hasSuffix(".") || part.hasSuffix(".)"), "\(id): \(part)")
      }
      #expect(!explanation.commands.isEmpty, "\(id)")
    }
  }

  @Test("Everything has an id: fixes, commits, hazards, rules, functions, cases, universes")
  func everything() {
    #expect(Explanations.ids(.fix) == UpstreamFixes.all.map(\.commit))
    #expect(
      Set(Explanations.ids(.fix) + Explanations.ids(.commit))
        == Set(SeriesCommit.allCases.map(\.hash)))
    #expect(Explanations.ids(.hazard) == Hazard.all.map(\.id.rawValue) + ["unlisted"])
    #expect(Set(Explanations.ids(.rule)) == Set(OracleRule.allCases.map(\.rawValue)))
    #expect(Set(Explanations.ids(.equivalence)) == Set(EquivalenceRule.allCases.map(\.rawValue)))
    #expect(Explanations.ids(.function) == KernelFunction.allCases.map(\.name))
    #expect(Set(Explanations.ids(.case)) == Set(Catalogue.all().map(\.id)))
    #expect(Explanations.ids(.defect) == (1...52).map { "class-\($0)" })
  }

  @Test("No id means two things")
  func unique() {
    let ids = Explanation.Kind.allCases.flatMap { Explanations.ids($0) }
    #expect(Set(ids.map { $0.lowercased() }).count == ids.count)
  }

  @Test("Each function has its own duty, each class of defects its own slip")
  func distinct() {
    let duties = KernelFunction.allCases.map { FunctionDuty(of: $0).what }
    #expect(Set(duties).count == duties.count)
    #expect(Set(DefectClass.all.map(\.slip)).count == DefectClass.all.count)
    #expect(Set(OracleRule.allCases.map { RuleReason($0).why }).count == OracleRule.allCases.count)
  }

  @Test("Classes of defects are those of defects.md, with its patches, rules and instances")
  func defects() throws {
    let rows = try Repository.text("docs/develop/defects.md").split(separator: "\n")
      .filter { $0.hasPrefix("| ") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
      .filter { $0.count == 5 && $0[0].prefix(1).allSatisfy(\.isNumber) }
    #expect(rows.count == 50)
    for row in rows {
      let number = try #require(Int(row[0].prefix { $0.isNumber }))
      let defect = try #require(DefectClass.all.first { $0.number == number })
      #expect(defect.patch == row[1], "class \(number)")
      #expect(defect.rule == row[3], "class \(number)")
      #expect(defect.instance == (row[4] == "none known" ? nil : row[4]), "class \(number)")
      #expect(row[0] == "\(number) \(defect.title)")
    }
    let without = DefectClass.all.filter { $0.patch == nil }.map(\.number)
    #expect(without == [37, 50])
  }

  @Test("Each rule names the same classes as docs/use/oracle.md")
  func rules() throws {
    let rows = try Repository.text("docs/use/oracle.md").split(separator: "\n")
      .filter { $0.hasPrefix("| ") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    for rule in OracleRule.allCases {
      let row = try #require(rows.first { $0.count == 4 && $0[0] == rule.rawValue })
      let classes = row[3].split(separator: ",").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      #expect(RuleReason(rule).classes == classes, "\(rule.rawValue)")
    }
  }

  @Test("An id may be written in capitals, short, as a number, or with a mode")
  func spellings() throws {
    let spellings: [(String, String)] = [
      ("h10", "H10"), ("21F1B85", "21f1b85c8912"), ("c75a74f4ba19aaaa", "c75a74f4ba19"),
      ("7", "class-7"), ("Class-7", "class-7"), ("FREE_PTE_TABLE", "free_pte_table"),
      ("vmemmap-free/a-section@sv48", "vmemmap-free/a-section@sv48"),
      ("vmemmap-free/a-section", "vmemmap-free/a-section@sv39"),
    ]
    for (spelling, id) in spellings {
      #expect(Explanations.find(spelling)?.id == id, "\(spelling)")
    }
    let nothing: [String] = [
      "", "H12", "class-53", "class-0", "21f1b8", "vmemmap-free/a-section@sv32", "@", "/",
    ]
    for name in nothing { #expect(Explanations.find(name) == nil, "\(name)") }
  }

  @Test("The nearest id to a mistyped one is the intended one")
  func nearest() {
    let slips: [(String, String)] = [
      ("H33", "H3"), ("free_pte_tabel", "free_pte_table"), ("leaf-sizes", "leaf-size"),
      ("21f1b85c8913", "21f1b85c8912"), ("extra-flushes", "extra-flush"),
      ("vmemmap-free/a-sections", "vmemmap-free/a-section"),
      ("sv39/linear/spin", "sv39/linear/spine"),
    ]
    for (slip, meant) in slips {
      #expect(Explanations.nearest(to: slip).contains(meant), "\(slip)")
    }
    #expect(EditDistance.between("kitten", "sitting") == 3)
    #expect(EditDistance.between("", "abc") == 3)
    #expect(EditDistance.between("abc", "abc") == 0)
  }

  @Test("Text has no line longer than a terminal's, and Markdown has every command")
  func texts() throws {
    for id in ["H8", "21f1b85c8912", "class-18", "free_pmd_table", "leaf-size"] {
      let explanation = try #require(Explanations.find(id))
      let document = ExplanationDocument.of(explanation)
      let lines = Printed.lines(document)
      #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines)")
      let markdown = Printed.markdown(document)
      for command in explanation.commands {
        let words = lines.joined(separator: " ").replacing(" \\ ", with: " ")
        #expect(words.split(separator: " ").joined(separator: " ").contains(command.line))
        #expect(markdown.contains("```sh\n\(command.line)\n```"))
      }
    }
  }
}
