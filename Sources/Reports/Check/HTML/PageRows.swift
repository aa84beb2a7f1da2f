// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A commit to pick, in the words of the template.
struct PageFix {
  var fixID: String
  var commit: String
  var fixTitle: String
  var lack: String
  var symptom: String
  /// Where its absence was seen, as a sentence.
  var seen: String
  var fixModes: String
  var pick: Page.Command

  init(_ fix: UpstreamFixes.Description, in report: Report) {
    let groups = report.groups.filter { $0.explanation?.contains(fix.fix) ?? false }
    fixID = "fix-\(fix.commit)"
    commit = fix.commit
    fixTitle = fix.title
    lack = report.partial.contains(fix.fix) ? "The subject has it only in part." : ""
    symptom = "Without it: \(fix.symptom)"
    seen = TextRenderer.seen(groups, in: report).map { "It was \($0). " } ?? ""
    fixModes = fix.modes
    pick = Self.command(fix, id: "pick-\(fix.commit)")
  }

  /// The command that picks it.
  static func command(_ fix: UpstreamFixes.Description, id: String) -> Page.Command {
    Page.Command(
      commandID: id, commandName: "pick \(fix.commit)",
      command: "git cherry-pick -x \(fix.commit)")
  }
}

/// A function of the subject, in the words of the template.
struct PageFunction {
  var function: String
  var status: String
  var statusTone: String
  var statusSign: String
  var calls: Int
  var differing: Int
  var note: String

  init(_ judged: FunctionJudgement) {
    function = judged.function.name
    status = judged.status.rawValue
    (statusTone, statusSign) =
      switch judged.status {
      case .identical: ("good", "\u{2713}")
      case .equivalent: ("good", "\u{2248}")
      case .differs: ("bad", "\u{2717}")
      case .absent: ("none", "\u{2013}")
      }
    calls = judged.cases
    differing = judged.differences
    let through = judged.through.joined(separator: ", ")
    let rules = judged.rules.map(\.rawValue).joined(separator: ", ")
    note = [
      through.isEmpty ? nil : "differs only through \(through)",
      rules.isEmpty ? nil : "by \(rules)",
    ].compactMap { $0 }.joined(separator: "; ")
  }
}

/// A rule of equivalence that a verdict rests on, in the words of the template.
struct PageRule {
  var rule: String
  var ruleSentence: String
  var users: String

  init(_ rule: EquivalenceRule, users: [KernelFunction]) {
    self.rule = rule.rawValue
    ruleSentence = rule.sentence
    self.users = users.map(\.name).joined(separator: ", ")
  }
}

/// A universe, in the words of the template.
struct PageUniverse {
  var universe: String
  var ran: UInt64
  var size: UInt64
  var differing: UInt64

  init(_ outcome: UniverseOutcome) {
    universe = outcome.name
    ran = outcome.cases
    size = outcome.size
    differing = outcome.differing
  }
}
