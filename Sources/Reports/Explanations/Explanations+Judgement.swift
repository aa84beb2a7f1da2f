// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port
import Subjects

extension Explanations {
  static func explanation(of fix: UpstreamFixes.Description) -> Explanation {
    let commit = SeriesCommit(rawValue: fix.commit)
    return Explanation(
      kind: .fix, id: fix.commit, title: fix.title,
      what: "A fix of commit c75a74f4ba19. \(commit?.brings ?? "") Without it: \(fix.symptom)",
      why: fix.modes,
      origin: "Upstream, commit \(fix.commit). \(FixHistory.releases(of: fix.fix))",
      // The first command compares the reference, which has the fix, with the text as merged.
      commands: [
        .init("mhpcheck replay \(commit?.scenario ?? "") builtin --against as-merged"),
        .init("mhpcheck check debian:linux-source-6.12 --depth smoke", need: .package),
        broken(patch: "undo-\(fix.commit)"),
      ])
  }

  static func explanation(of commit: SeriesCommit) -> Explanation {
    Explanation(
      kind: .commit, id: commit.hash, title: commit.title, what: commit.brings,
      why: commit == .merge
        ? "A backport needs all of it; mhpcheck series names the commits that are missing."
        : "Without it \(commit.loss).",
      origin: commit.isMerged
        ? "The series \"riscv: Memory Hot(Un)Plug support\", merged for v6.11 by 60a6707f582e."
        : "Upstream, v6.11.",
      commands: [
        .init("mhpcheck series patches", need: .sources),
        .init("mhpcheck series debian:linux-source-6.12", need: .package),
      ])
  }

  static func explanation(of hazard: Hazard.ID) -> Explanation {
    let text = Hazard(hazard)
    let prefix = "hazard/\(hazard.rawValue.lowercased())-"
    return Explanation(
      kind: .hazard, id: hazard.rawValue, title: text.title,
      what:
        "In upstream's own text: \(text.title). A subject that shares it with upstream conforms all "
        + "the same.",
      why: hazard.reason, origin: text.known, commands: replays(of: prefix))
  }

  static var unlistedHazards: Explanation {
    Explanation(
      kind: .hazard, id: unlistedID, title: "hazards that no list has",
      what:
        "A rule of the oracle that upstream's text breaks with the subject, in a way that none of H1 "
        + "to H11 is.",
      why:
        "Three come of adding memory where something is mapped already, one of a memmap of single "
        + "pages: rare, but the text does nothing against them.",
      origin: "The oracle found them; docs/use/oracle.md says what is known.",
      commands: replays(of: "hazard/unlisted-"))
  }

  static func explanation(of rule: OracleRule) -> Explanation {
    let reason = RuleReason(rule)
    let classes: String = reason.classes.map { "class-\($0)" }.list
    let commands: [Explanation.Command] =
      if let patch = reason.patch { [broken(patch: patch)] } else if let edit = reason.edit {
        [edited(edit)]
      } else { replays(of: rule == .memmapHole ? "hazard/unlisted-memmap" : "hazard/h8-") }
    return Explanation(
      kind: .rule, id: rule.rawValue, title: rule.sentence,
      what: "What holds for every call, whoever wrote the code: \(rule.sentence).",
      why: rule.severity.sentence(after: reason.why),
      origin:
        "The oracle, which knows neither the port nor the subject's text. It is there for these "
        + "classes of defects: \(classes).",
      commands: commands)
  }

  static func explanation(of rule: EquivalenceRule) -> Explanation {
    let reason = EquivalenceReason(rule)
    return Explanation(
      kind: .equivalence, id: rule.rawValue, title: rule.sentence,
      what: "A way to differ from the reference and behave as it does: \(rule.sentence).",
      why: reason.why, origin: reason.origin, commands: [edited(reason.edit)])
  }

  static func explanation(of defect: DefectClass) -> Explanation {
    let instance =
      defect.instance.map { "A kernel had it: \($0)." } ?? "No kernel is known to have had it."
    var commands: [Explanation.Command] = []
    if let patch = defect.patch { commands.append(broken(patch: patch)) }
    if defect.number == 50 { commands += replays(of: "hazard/unlisted-memmap") }
    if defect.number == 37 { commands.append(.init("mhpcheck list functions")) }
    return Explanation(
      kind: .defect, id: defect.id, title: defect.title, what: defect.slip, why: defect.harm,
      origin: "The list of slips that backports fall into, docs/develop/defects.md. \(instance)"
        + (defect.rule.map { " The oracle's rule \($0) sees it." } ?? ""),
      commands: commands)
  }

  /// The commands that replay the catalogue's cases with an id prefix, each in its first mode.
  static func replays(of prefix: String) -> [Explanation.Command] {
    var seen: Set<String> = []
    return catalogue.filter { $0.id.hasPrefix(prefix) && seen.insert($0.id).inserted }
      .map { .init("mhpcheck replay \($0.id)@\($0.mode) builtin") }
  }

  /// The command that checks the reference with a patch of `patches/defects` applied.
  static func broken(patch: String) -> Explanation.Command {
    .init(
      "cat $(sed 's|^|patches/|' patches/series) patches/defects/\(patch).patch "
        + "| mhpcheck check - --depth smoke", need: .sources)
  }

  /// The command that checks the reference after an edit by `sed`.
  static func edited(_ edit: String) -> Explanation.Command {
    .init(
      "sed '\(edit)' CKernelShim/subject/reference.inc > edited.c; "
        + "mhpcheck check edited.c --depth smoke", need: .sources)
  }
}

extension OracleRule.Severity {
  /// A text with the consequence of breaking a rule of this severity. It is one sentence for a translation.
  fileprivate func sentence(after text: String) -> String {
    switch self {
    case .error: "\(text) (Error: memory is lost to somebody who uses it, or the kernel stops.)"
    case .leak: "\(text) (Leak: memory or a count is lost to everybody.)"
    case .advisory: "\(text) (Advisory: a window that other code may never look through.)"
    }
  }
}
