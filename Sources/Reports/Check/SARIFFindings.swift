// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Oracle
import Port

/// The SARIF results of a report, with their rules.
struct SARIFFindings {
  private(set) var rules: [SARIFLog.Rule] = []
  private(set) var results: [SARIFLog.Result] = []
  private let report: Report

  init(_ report: Report) {
    self.report = report
    for fix in report.missing.flatMap(\.descriptions) { addMissing(fix) }
    for fix in report.beyond.flatMap(\.descriptions) { addBeyond(fix) }
    for function in report.absentEntryPoints { addAbsent(function) }
    for reported in report.differences where reported.group.explanation == nil {
      addDifference(reported)
    }
    for reported in report.hazards { addHazard(reported) }
  }

  private mutating func addMissing(_ fix: UpstreamFixes.Description) {
    let shown = explained(by: fix.fix)
    let part = report.partial.contains(fix.fix) ? "lacks part of" : "lacks"
    add(
      id: "missing-fix/\(fix.commit)", about: fix.title,
      help: "\(fix.symptom) \(fix.modes) To pick it: git cherry-pick -x \(fix.commit)",
      level: .error,
      message:
        "The subject \(part) upstream's fix \(fix.commit) \"\(fix.title)\". \(fix.symptom) To "
        + "pick it: git cherry-pick -x \(fix.commit)." + replay(shown.first?.replay),
      functions: shown.map(\.group.function), shown: shown.first, fingerprint: [])
  }

  private mutating func addBeyond(_ fix: UpstreamFixes.Description) {
    let shown = explained(by: fix.fix)
    add(
      id: "fix-beyond/\(fix.commit)", about: "a fix that was not asked for: \(fix.title)",
      help: "The subject was held against an older state of upstream than it has (--against).",
      level: .warning,
      message:
        "The subject has upstream's fix \(fix.commit) \"\(fix.title)\" beyond what was asked "
        + "for." + replay(shown.first?.replay),
      functions: shown.map(\.group.function), shown: shown.first, fingerprint: [])
  }

  private mutating func addAbsent(_ function: KernelFunction) {
    add(
      id: "absent-entry-point", about: "a function that generic code calls is not there",
      help: "Without it the kernel falls back on generic code that does nothing or refuses.",
      level: .error,
      message: "The subject has no \(function.name): the kernel falls back on generic code.",
      functions: [function], shown: nil, fingerprint: [])
  }

  private mutating func addDifference(_ reported: ReportedDifference) {
    let group = reported.group
    let rule = group.rules.min { Self.rank($0.severity) < Self.rank($1.severity) }
    let level: SARIFLog.Level =
      switch rule?.severity {
      case .leak, .advisory: .warning
      case .error: .error
      case nil: group.mended.isEmpty ? .error : .warning
      }
    let sentence = CauseSections.sentence(reported).plain
    let remarks = CauseSections.remarks(reported).map { " It \($0.plain)." }
    let hint = reported.place.flatMap { PlaceBlocks.hint($0) }.map { " \($0.plain)" } ?? ""
    add(
      id: rule.map { "rule/\($0.rawValue)" } ?? "difference/\(group.signature)",
      about: rule?.sentence ?? "the subject behaves as upstream's text does",
      help: rule.map { "Required: \($0.sentence)." }
        ?? "The subject and upstream's text part in what they do, and no rule is broken by that.",
      level: level,
      message: "\(group.cause) differs on \(group.mode) from "
        + "\(group.reference.name): \(sentence)." + hint
        + (group.rules.isEmpty ? "" : remarks.joined())
        + replay(reported.replay),
      functions: [group.function], shown: reported,
      fingerprint: [
        group.mode, group.signature, group.reference.name,
      ])
  }

  private mutating func addHazard(_ reported: ReportedHazard) {
    let group = reported.group
    add(
      id: "hazard/\(group.hazard?.rawValue ?? "unlisted-\(group.rule.rawValue)")",
      about: reported.title,
      help: group.hazard.map { Hazard($0).known } ?? "Upstream's text breaks the rule too.",
      level: .note,
      message:
        "\(group.id): \(reported.title): \(group.violation.sentence). Upstream's text has it "
        + "too; it is no part of the verdict." + replay(reported.replay),
      functions: [group.violation.function], shown: nil, fingerprint: [])
  }

  /// The differences that a fix explains, one per function, preferably one that entry points show.
  private func explained(by fix: UpstreamFixes) -> [ReportedDifference] {
    var seen: Set<KernelFunction> = []
    let all = report.differences.filter { $0.group.explanation?.contains(fix) ?? false }
    return (all.filter(\.group.isReached) + all.filter { !$0.group.isReached }).filter {
      seen.insert($0.group.function).inserted
    }
  }

  private func replay(_ command: String?) -> String { command.map { " To see it: \($0)" } ?? "" }

  private static func rank(_ severity: OracleRule.Severity) -> Int {
    switch severity {
    case .error: 0
    case .leak: 1
    case .advisory: 2
    }
  }

  private mutating func add(
    id: String, about: String, help: String, level: SARIFLog.Level, message: String,
    functions: [KernelFunction], shown: ReportedDifference?, fingerprint: [String]
  ) {
    let index = rules.firstIndex { $0.id == id } ?? rules.count
    if index == rules.count {
      rules.append(
        SARIFLog.Rule(
          id: id, shortDescription: SARIFLog.Message(about), help: SARIFLog.Message(help),
          defaultConfiguration: SARIFLog.Configuration(level: level)))
    }
    var locations = functions.map { location($0) }
    if let shown, let frame = shown.place?.frame(of: shown.group.cause), !locations.isEmpty {
      locations[0] = location(shown.group.function, line: frame.line, file: frame.file)
    }
    results.append(
      SARIFLog.Result(
        ruleId: id, ruleIndex: index, level: level, message: SARIFLog.Message(message),
        locations: Array(locations.prefix(1)), relatedLocations: Array(locations.dropFirst()),
        codeFlows: shown.flatMap { flow($0) }.map { [$0] } ?? [],
        partialFingerprints: [
          "mhpcheckFinding/v1": ([id] + functions.prefix(1).map(\.name) + fingerprint)
            .joined(separator: "|")
        ]))
  }

  private func location(
    _ function: KernelFunction, line: Int? = nil, file: String? = nil, message: String? = nil
  ) -> SARIFLog.Location {
    var source = report.sources.first { $0.function == function }
    if let line, source?.file == file { source?.lines = [.init(number: line, text: "")] }
    return SARIFLog.Location(function.name, source, message: message)
  }

  /// Both traces around the point where they diverge, one location per row.
  private func flow(_ reported: ReportedDifference) -> SARIFLog.CodeFlow? {
    guard let subject = reported.subject, let reference = reported.reference,
      let drawing = CaseTables(
        scenario: reported.scenario, subject: subject, reference: reference)
    else { return nil }
    let columns = TraceColumns(
      subject: subject.events, reference: reference.events, naming: drawing.naming(of: subject),
      referenceNaming: drawing.naming(of: reference))
    guard !columns.rows.isEmpty else { return nil }
    func side(_ phrase: String) -> String { phrase.isEmpty ? "nothing" : phrase }
    return SARIFLog.CodeFlow(
      message: SARIFLog.Message(
        CauseSections.title(reported, of: [reported.group], in: report).plain),
      threadFlows: [
        SARIFLog.ThreadFlow(
          locations: columns.rows.enumerated().map { number, row in
            let isSame = row.subject == row.reference
            return SARIFLog.ThreadFlowLocation(
              location: location(
                reported.group.function,
                message: isSame
                  ? "both: \(row.subject)"
                  : "subject: \(side(row.subject)); reference: \(side(row.reference))"),
              executionOrder: columns.omittedBefore + number + 1,
              importance: row.isMarked ? "essential" : "important")
          })
      ])
  }
}
