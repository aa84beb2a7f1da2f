// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A check as SARIF 2.1.0 (OASIS), with locations in the user's own file. Missing fixes and differences are
/// errors or warnings; hazards of the upstream text are notes.
public struct SARIFRenderer: Sendable {
  public init() {}

  /// The text of the whole file, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    switch outcome {
    case .judged(let report): JSONText.of(Self.log(report))
    case .failed(let failed): JSONText.of(Self.log(failed))
    }
  }

  private static func log(_ report: Report) -> SARIFLog {
    let findings = SARIFFindings(report)
    let isComplete = report.verdict != .incomplete
    let verdict = VerdictText(report).line.plain
    return log(
      tool: report.tool, findings.rules, findings.results,
      invocation: SARIFLog.Invocation(
        executionSuccessful: isComplete, exitCode: exitCode(report.verdict),
        toolExecutionNotifications: [
          SARIFLog.Notification(
            level: isComplete ? .note : .error, message: SARIFLog.Message(verdict))
        ]),
      properties: SARIFLog.Properties(
        verdict: report.verdict.rawValue, against: report.against.name,
        modes: report.modes, seed: report.seed, cases: report.cases,
        sha256: report.subject.sha256))
  }

  private static func log(_ failed: FailedCheck) -> SARIFLog {
    log(
      tool: failed.tool, [], [],
      invocation: SARIFLog.Invocation(
        executionSuccessful: false, exitCode: exitCode(failed.verdict),
        toolExecutionNotifications: [
          SARIFLog.Notification(
            level: .error,
            message: SARIFLog.Message("\(failed.verdict.rawValue): \(failed.message)"))
        ]),
      properties: SARIFLog.Properties(
        verdict: failed.verdict.rawValue, against: failed.against.name,
        modes: failed.modes, seed: failed.seed, cases: nil, sha256: nil))
  }

  private static func log(
    tool: String, _ rules: [SARIFLog.Rule], _ results: [SARIFLog.Result],
    invocation: SARIFLog.Invocation, properties: SARIFLog.Properties
  ) -> SARIFLog {
    SARIFLog(runs: [
      SARIFLog.Run(
        tool: SARIFLog.Tool(driver: SARIFLog.Driver(version: tool, rules: rules)),
        invocations: [invocation], results: results, properties: properties)
    ])
  }

  /// The program's exit status for a verdict.
  private static func exitCode(_ verdict: Verdict) -> Int {
    switch verdict {
    case .conforms: 0
    case .missingFixes, .differs: 1
    case .unbuildable: 3
    case .incomplete: 4
    }
  }
}
