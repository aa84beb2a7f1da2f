// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Reports
@testable import Subjects

@Suite("Rows of a series")
struct SeriesDocumentTests {
  /// A report in which all commits are present, except for `others`.
  private func report(_ others: [SeriesCommit: SeriesStatus] = [:]) -> SeriesReport {
    SeriesReport(
      tool: "1", kind: "tree", origin: "a/tree",
      rows: SeriesCommit.allCases.filter { $0 != .merge }.map {
        SeriesRow($0, others[$0] ?? .present, by: .structure, evidence: "seen \($0.hash)")
      })
  }

  private func text(_ report: SeriesReport, isQuiet: Bool = false) -> [String] {
    Printed.text(SeriesDocument.of(report), isQuiet: isQuiet)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("number one per commit, with aligned columns and the evidence")
  func table() throws {
    let lines = text(report([.virtioMem: .notNeeded]))
    let rows = lines.filter { line in
      SeriesCommit.allCases.contains {
        line.hasPrefix(
          """
            
          """ + $0.hash)
      }
    }
    #expect(rows.count == SeriesCommit.allCases.count)
    let starts = try rows.map { try #require($0.firstRange(of: "structure")).lowerBound }
      .enumerated().map { rows[$0].distance(from: rows[$0].startIndex, to: $1) }
    #expect(Set(starts).count == 1, "\(rows)")
    let words = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains("altmap parameter: seen e3ecf2fdc8f3"))
    #expect(lines[0] == "complete: 13 commits present, 1 not needed")
  }

  @Test("of missing commits say what breaks and what to pick, except for the merge")
  func missing() {
    let lines = text(report([.altmap: .absent, .enabling: .partial, .foldingFix: .absent]))
    #expect(lines.contains("  pick: git cherry-pick -x e3ecf2fdc8f3"))
    let words = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(words.contains("without it: \(SeriesCommit.altmap.loss)"))
    #expect(lines.contains { $0.hasPrefix("lacks part of f8c2a240556e \"riscv: Enable memory") })
    #expect(lines.contains("  seen in: mhpcheck replay vmemmap-free/a-section@sv39 SUBJECT"))
    #expect(!lines.contains { $0.contains("cherry-pick -x 60a6707f582e") })
    #expect(
      words.hasPrefix(
        """
        incomplete: 3 commits missing or partly missing: e3ecf2fdc8f3, f8c2a240556e \
        and a0188cc13369 To pick
        """
      ))
    #expect(
      words.contains(
        "to pick them, in this order: git cherry-pick -x e3ecf2fdc8f3 f8c2a240556e a0188cc13369"))
    #expect(text(report([.altmap: .absent]), isQuiet: true).count == 2)
  }

  @Test("decide the row of the merge: present, partial or absent")
  func sum() {
    func merge(_ others: [SeriesCommit: SeriesStatus]) -> SeriesStatus? {
      report(others).rows.first { $0.commit == .merge }?.status
    }
    #expect(merge([:]) == .present)
    #expect(merge([.hotplug: .notNeeded, .foldingFix: .absent]) == .present)
    #expect(merge([.hotplug: .partial]) == .partial)
    let none = SeriesCommit.allCases.map { ($0, SeriesStatus.absent) }
    #expect(merge(Dictionary(uniqueKeysWithValues: none)) == .absent)
    let unneeded = none.map { ($0.0, $0.0 == .virtioMem ? SeriesStatus.notNeeded : .absent) }
    #expect(merge(Dictionary(uniqueKeysWithValues: unneeded)) == .absent)
  }

  @Test("have the JSON that the schema promises")
  func json() throws {
    let rendered = JSONRenderer().render(report([.altmap: .absent]))
    let object = try #require(
      try JSONDecoder().decode([String: Value].self, from: Data(rendered.utf8)) as [String: Value]?)
    #expect(Set(object.keys) == ["schema", "tool", "subject", "commits"])
    guard case .list(let commits)? = object["commits"] else {
      Issue.record("no list of commits")
      return
    }
    #expect(commits.map { $0["commit"] } == SeriesCommit.allCases.map { .text($0.hash) })
    #expect(commits[0]["status"] == .text("absent"))
    #expect(commits[0]["pick"] == .text("git cherry-pick -x e3ecf2fdc8f3"))
    #expect(commits[1]["pick"] == nil && commits[1]["judgedBy"] == .text("structure"))
  }

  /// The subset of JSON that a series report uses.
  private indirect enum Value: Decodable, Equatable {
    case text(String)
    case flag(Bool)
    case object([String: Value])
    case list([[String: Value]])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let list = try? value.decode([[String: Value]].self) {
        self = .list(list)
      } else {
        self = .object(try value.decode([String: Value].self))
      }
    }
  }
}
