// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What a verdict is worth, as facts of a page.
extension Page {
  /// What was looked at, and how much of what could be wrong such a look shows.
  static func facts(_ report: Report) -> [Fact] {
    var facts = [
      Fact(
        fact: "Cases run", figure: "\(report.cases)",
        remark: "in \(VerdictText.seconds(report.seconds)) s")
    ]
    if !report.universes.isEmpty {
      let whole = report.universes.count(where: \.isComplete)
      let cases = report.universes.reduce(0) { $0 + $1.cases }
      facts.append(
        Fact(
          fact: "Universes run whole", figure: "\(whole) of \(report.universes.count)",
          remark: "\(cases) cases of small machines"))
    }
    if let random = report.random {
      let all = random.cases == random.drawn ? "" : " of \(random.drawn)"
      facts.append(
        Fact(
          fact: "Random cases", figure: "\(random.cases)\(all)", remark: "at real geometry"))
    }
    facts.append(
      Fact(
        fact: "Judged by the oracle", figure: "\(report.judged)",
        remark: "cases, every named and random one among them"))
    let score = SuiteScore.reference
    facts.append(
      Fact(
        fact: "Mutants of the reference told from it", figure: "\(score.killed) of \(score.total)",
        remark: "at standard depth"))
    switch report.coverage {
    case nil: break
    case .unknown(let reason):
      facts.append(
        Fact(
          fact: "Branches of the subject reached", figure: "unknown", remark: PageText.line(reason))
      )
    case .measured(let coverage):
      facts.append(
        Fact(
          fact: "Branches of the subject reached", figure: CoverageText.share(coverage.branches)))
    }
    return facts
  }

  /// What this run could not tell: a title and the sentences.
  static func warnings(_ report: Report) -> (title: String, sentences: [String]) {
    var sentences = report.subject.warnings.map { "The subject: \($0)." }
    if case .measured(let coverage) = report.coverage {
      sentences += coverage.unreachedBranches.map { CoverageText.sentence($0.function, $0.point) }
      sentences += CoverageText.unread(coverage)
    }
    if !report.left.isEmpty {
      let names = report.left.map(\.name).joined(separator: ", ")
      sentences.insert(
        "After a few that hang, run away or end their worker, cases that call \(names) were left.",
        at: report.subject.warnings.count)
    }
    let count = sentences.count
    let shown = sentences.prefix(100).map { PageText.line($0) }
    return (
      count == 1 ? "One thing was not looked at" : "\(count) things were not looked at", shown
    )
  }

  /// How many universes were run whole.
  static func universeSentence(_ report: Report) -> String {
    let whole = report.universes.count(where: \.isComplete)
    let differing = report.universes.count { $0.differing > 0 }
    let end = differing == 0 ? "none of them differs" : "\(differing) of them differ"
    return "\(whole) of \(report.universes.count) were run whole; \(end)."
  }
}
