// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Port

/// A check as the text of a reply on a mailing list: what was found, what to do, what it rests on. Only of
/// a subject that conforms does it end with a tag.
public struct MailRenderer: CheckRenderer {
  /// Lines at most: what a reader sees without scrolling.
  static let limit = 25
  /// Differences that are told one by one.
  private static let told = 3

  public init() {}

  /// The whole of a file, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    let lines: [String]
    switch outcome {
    case .failed(let failed): lines = Self.lines(failed)
    case .judged(let report):
      let end = Self.evidence(report)
      // What is found gives way to what it rests on.
      let found = Self.findings(report)
      let room = Self.limit - end.count - 1
      lines =
        (found.count <= room
          ? found : found.prefix(room - 1) + ["[...] the rest: mhpcheck check --json FILE"])
        + [""] + end
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ failed: FailedCheck) -> [String] {
    var layout = MailLayout()
    layout.add(
      failed.verdict == .unbuildable
        ? "mhpcheck could not judge this: the subject cannot be read, extracted or compiled."
        : "mhpcheck could not judge this: the run could not be completed.")
    layout.skip()
    layout.add(SafeText.shortened(SafeText.line(failed.message), to: 600), indent: 2)
    layout.skip()
    layout.add("subject: \(name(failed.subject))", indent: 2, hanging: 4)
    layout.add(tool(failed.tool, failed.against, failed.modes, failed.seed), indent: 2, hanging: 4)
    return layout.lines
  }

  private static func findings(_ report: Report) -> [String] {
    var layout = MailLayout()
    switch report.verdict {
    case .conforms:
      layout.add(
        "The memory-hotplug functions of this subject behave as upstream's do"
          + (report.against == .latest ? ", all known fixes included." : " at the state below."))
    case .incomplete:
      layout.add("The run was stopped; what follows is known by then and no verdict.")
    default: addVerdict(report, to: &layout)
    }
    for warning in report.subject.warnings {
      layout.add("warning: \(SafeText.shortened(SafeText.line(warning), to: 300))", indent: 2)
    }
    addFixes(report, to: &layout)
    addDifferences(report, to: &layout)
    if !report.hazards.isEmpty {
      layout.skip()
      layout.add(
        "It shares hazards with upstream's own text, which no verdict counts: "
          + hazards(report)
          + " (mhpcheck explain ID).")
    }
    return layout.lines
  }

  /// "H1, H2, 3 unlisted".
  private static func hazards(_ report: Report) -> String {
    let listed = report.hazards.compactMap(\.group.hazard).map(\.rawValue)
    let rest = report.hazards.count - listed.count
    return (listed + (rest > 0 ? ["\(rest) unlisted"] : [])).joined(separator: ", ")
  }

  private static func addVerdict(_ report: Report, to layout: inout MailLayout) {
    let verdict = VerdictText(report).line(style: TextStyle(isColoured: false))
    // Without the counts in brackets: they follow.
    layout.add(
      "mhpcheck: " + verdict.split(separator: " (").dropLast().joined(separator: " (") + ".")
  }

  private static func addFixes(_ report: Report, to layout: inout MailLayout) {
    let missing = report.missing.flatMap(\.descriptions)
    guard !missing.isEmpty else { return }
    layout.skip()
    for fix in missing {
      let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
      let modes = report.modes(showing: groups).joined(separator: ", ")
      let seen = modes.isEmpty ? "" : ", seen on \(modes)"
      layout.add("\(fix.commit) (\"\(fix.title)\")\(seen)", indent: 2, hanging: 4)
    }
    layout.skip()
    layout.add("To pick \(missing.count == 1 ? "it" : "them, in this order"):")
    layout.addCommand("git cherry-pick -x \(missing.map(\.commit).joined(separator: " "))")
  }

  /// The most telling ones, those that no fix explains first.
  private static func addDifferences(_ report: Report, to layout: inout MailLayout) {
    let own = report.differences.filter { $0.group.explanation == nil }
    let chosen = TextRenderer.mostTelling(
      own.isEmpty ? report.differences : own, atMost: own.isEmpty ? 1 : told)
    for reported in chosen {
      layout.skip()
      if own.isEmpty {
        layout.add("To see \(reported.group.cause) differ on \(reported.group.mode):")
      } else {
        layout.add(
          "\(reported.group.cause) on \(reported.group.mode): "
            + "\(DifferenceSummary.sentence(reported)).", indent: 2, hanging: 4)
      }
      layout.addCommand(SafeText.shortened(SafeText.line(reported.replay), to: 240))
    }
  }

  private static func evidence(_ report: Report) -> [String] {
    var layout = MailLayout()
    layout.add("subject: \(name(report.subject.origin))", indent: 2, hanging: 4)
    layout.add("sha256 of its text:", indent: 2)
    layout.add(report.subject.sha256, indent: 4)
    layout.add(tool(report.tool, report.against, report.modes, report.seed), indent: 2, hanging: 4)
    layout.add(
      "\(report.cases) cases, \(report.judged) judged by the oracle; standard depth tells "
        + "\(SuiteScore.reference.killed) of \(SuiteScore.reference.total) mutants of the reference",
      indent: 2, hanging: 4)
    if report.verdict == .conforms {
      layout.skip()
      layout.add("Tested-by: NAME <ADDRESS> # mhpcheck \(report.tool)")
    }
    return layout.lines
  }

  private static func tool(
    _ version: String, _ against: UpstreamFixes, _ modes: [String], _ seed: UInt64
  ) -> String {
    "mhpcheck \(version), against \(against.name), "
      + "\(modes.joined(separator: " ")), seed \(seed)"
  }

  private static func name(_ text: String) -> String {
    SafeText.shortened(SafeText.line(text), to: 120)
  }
}
