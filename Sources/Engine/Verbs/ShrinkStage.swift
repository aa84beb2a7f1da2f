// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Synchronization

/// The properties that a smaller case must keep: the same kind of difference from the same upstream state, in
/// a call of the same function, and explained by missing fixes if it was.
struct ShrinkSignature: Hashable, Sendable {
  var difference: String
  var function: KernelFunction
  /// Whether the subject agrees with the nearest upstream state.
  var isExplained: Bool
}

/// The shrunk case of a group.
struct ShrunkCase: Sendable {
  var scenario: Scenario
  /// Whether no single removal or simplification still shows the difference; false after a timeout.
  var isMinimal: Bool
  /// The observations of both sides; nil when the subject kills its worker.
  var observed: ObservedCase?
}

/// Shrinks the first case of each group, within limits of time.
struct ShrinkStage: Sendable {
  let workshop: SubjectRunners
  let nearest: UpstreamFixes
  /// The number of groups to shrink at a time.
  let jobs: Int
  let stop: StopSignal
  /// The time for one group.
  private let limit = Duration.seconds(1)
  /// The time for one group whose candidates each take as long as thousands of others.
  private let limitOfCostly = Duration.milliseconds(400)
  /// The time for all groups.
  private let limitOfAll = Duration.seconds(4)
  /// The number of costly groups to shrink; others are shown as they were found.
  private let costlyGroups = 2
  private let start = ContinuousClock.now

  init(workshop: SubjectRunners, nearest: UpstreamFixes, jobs: Int, stop: StopSignal) {
    self.jobs = jobs
    self.workshop = workshop
    self.nearest = nearest
    self.stop = stop
  }

  /// The shrunk case of each group for which the search found one, by the group's place. The groups that a
  /// report shows first come first.
  func shrink(
    _ groups: [(group: DifferenceGroup, entry: CaseList.Entry)],
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async -> [Int: ShrunkCase] {
    let turn = SharedTurn()
    return await withTaskGroup(of: [Int: ShrunkCase].self) { slots in
      for _ in 0..<min(jobs, groups.count) {
        slots.addTask { await shrink(groups, in: turn, progress: progress) }
      }
      return await slots.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first } }
    }
  }

  /// What the slots share.
  private final class SharedTurn: Sendable {
    private let turn = Mutex(Turn())

    struct Turn {
      var next = 0
      var done = 0
      var costly = 0
    }

    func withLock<Result>(_ body: (inout Turn) -> Result) -> Result {
      turn.withLock { turn in body(&turn) }
    }
  }

  /// One slot: shrinks one group after the other, with workers of its own.
  private func shrink(
    _ groups: [(group: DifferenceGroup, entry: CaseList.Entry)], in turn: SharedTurn,
    progress: @Sendable (Int, Int) -> Void
  ) async -> [Int: ShrunkCase] {
    var shrunk: [Int: ShrunkCase] = [:]
    var sessions: [UInt64: PersistentWorker] = [:]
    while true {
      let left = limitOfAll - (ContinuousClock.now - start)
      let place = turn.withLock { turn in
        defer { turn.next += 1 }
        return turn.next
      }
      guard left > .zero, !stop.isSet, place < groups.count else { break }
      let (group, entry) = groups[place]
      let width = entry.scenario.indexBits
      guard let supervisor = workshop.supervisor(width) else { continue }
      let session = sessions[width] ?? PersistentWorker(supervisor)
      sessions[width] = session
      let judge = CandidateJudge(
        reference: group.reference, nearest: nearest, kernel: supervisor.plan.kernelOptions,
        session: session)
      let found = (try? await judge.observe(entry.scenario)) ?? nil
      let isCostly = found.map { $0.subject.isCostly(besides: $0.reference) } ?? true
      let costly = turn.withLock { turn in
        if isCostly { turn.costly += 1 }
        return turn.costly
      }
      if !isCostly || costly <= costlyGroups {
        let limits = ShrinkLimits(
          time: min(left, isCostly ? limitOfCostly : limit), batch: isCostly ? 1 : 64)
        shrunk[place] = await shrink(entry.scenario, judge, limits)
      } else {
        // The case has been observed already; do not run it again.
        shrunk[place] = ShrunkCase(scenario: entry.scenario, isMinimal: false, observed: found)
      }
      let done = turn.withLock { turn in
        turn.done += 1
        return turn.done
      }
      progress(done, groups.count)
    }
    for session in sessions.values { await session.end() }
    return shrunk
  }

  /// Nil when the case does not show its difference again, e.g. because the subject is not deterministic.
  private func shrink(
    _ scenario: Scenario, _ judge: CandidateJudge, _ limits: ShrinkLimits
  ) async -> ShrunkCase? {
    guard let first = try? await judge.signatures(of: [scenario]), let signature = first[0] else {
      return nil
    }
    let shrinker = Shrinker<ShrinkSignature>(limits: limits) { candidates in
      guard !stop.isSet else { throw CancellationError() }
      return try await judge.signatures(of: candidates)
    }
    guard let outcome = try? await shrinker.shrink(scenario, chasing: signature) else { return nil }
    let observed = (try? await judge.observe(outcome.scenario)) ?? nil
    return ShrunkCase(
      scenario: outcome.scenario, isMinimal: outcome.isMinimal, observed: observed)
  }
}

/// Judges candidates, with one worker for the subject, and the port in this process.
private struct CandidateJudge: Sendable {
  let reference: UpstreamFixes
  let nearest: UpstreamFixes
  let kernel: KernelOptions
  let session: PersistentWorker

  /// The difference that each scenario shows; nil where there is none.
  func signatures(of scenarios: [Scenario]) async throws -> [ShrinkSignature?] {
    let observed = try await session.observations(of: scenarios)
    let port = HotplugPort(fixes: reference, options: kernel)
    let nearestPort = nearest == reference ? nil : HotplugPort(fixes: nearest, options: kernel)
    return try zip(scenarios, observed).map { scenario, observation in
      let image = try scenario.lowered()
      let theirs = port.observe(image)
      let result =
        observation?.compared(to: theirs, in: image)
        ?? ComparisonResult(
          difference: .ending(subject: Ending(.workerDied), reference: theirs.ending), rules: [])
      guard let difference = result.difference,
        let function = result.differingFunction(of: scenario.operations.map(\.function))
      else { return nil }
      let isExplained =
        nearestPort.flatMap { nearest in
          observation?.compared(to: nearest.observe(image), in: image).difference == nil
        } ?? false
      return ShrinkSignature(
        difference: difference.signature, function: function,
        isExplained: isExplained)
    }
  }

  /// The observations of both sides; nil when the case kills the worker.
  func observe(_ scenario: Scenario) async throws -> ObservedCase? {
    guard let subject = try await session.observations(of: [scenario])[0] else { return nil }
    let port = HotplugPort(fixes: reference, options: kernel)
    return ObservedCase(subject: subject, reference: port.observe(try scenario.lowered()))
      .bounded
  }
}
