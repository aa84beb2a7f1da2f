// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

extension ReplayRun {
  /// A case with the observations of both sides, and their tables event by event; without steps when the
  /// subject kills its worker.
  public func steps(
    _ scenario: Scenario, subject argument: String, options: SubjectOptions, against: UpstreamFixes
  ) async throws(Failure) -> SteppedCase {
    try await withSupervisor(scenario, argument, options) {
      (supervisor, subject) async throws(ExecutionError) in
      let replayed = try await Self.replayed(
        scenario, by: supervisor, named: subject.summary.origin, against: against)
      guard let whole = replayed.subject, let image = try? scenario.lowered() else {
        return SteppedCase(replayed: replayed, subject: nil, reference: nil)
      }
      let mine = try await supervisor.snapshots(
        of: .literal(scenario.jsonText()), whole: whole)
      let port = HotplugPort(fixes: against, options: supervisor.plan.kernelOptions)
      let theirs = port.snapshots(image)
      return SteppedCase(
        replayed: replayed,
        subject: EventHistory(image: image, whole: mine.whole, stopped: mine.states),
        reference: EventHistory(image: image, whole: theirs.whole, stopped: theirs.states))
    }
  }
}

/// A replayed case, event by event.
public struct SteppedCase: Sendable {
  /// The case as a whole.
  public var replayed: ReplayedCase
  /// Nil when the subject killed its worker.
  public var subject: EventHistory?
  /// Nil when the subject killed its worker.
  public var reference: EventHistory?
}
