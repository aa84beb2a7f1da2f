// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port
import Worker

/// Compares the answers of workers with the port, in the supervisor's process, which no subject can reach.
/// Only one task may use an instance at a time.
final class CaseChecker {
  private let ports: [HotplugPort]
  private let kernel: KernelOptions
  let cases = CaseResolver()
  /// Whether to use the oracle, too.
  let asksOracle: Bool

  /// A checker against the port at each of the given sets of fixes, in a kernel with the given options.
  init(
    fixes: [UpstreamFixes], kernel: KernelOptions = .standard, asksOracle: Bool = true
  ) {
    ports = fixes.map { HotplugPort(fixes: $0, options: kernel) }
    self.kernel = kernel
    self.asksOracle = asksOracle
  }

  /// The result of a case with this answer of the worker; nil when an observation is necessary, because a
  /// digest differs from the port's.
  func result(of image: MachineImage, answered answer: CaseAnswer) -> CaseResult? {
    var ending = Ending()
    for port in ports {
      let (digest, portEnding) = port.answer(image)
      guard digest == answer.digest else { return nil }
      ending = portEnding
    }
    let rules = EquivalenceRule.rules(for: answer.spellings)
    // The oracle's judgement of the port is valid for a subject that did the same.
    return CaseResult(
      comparisons: ports.map { _ in ComparisonResult(difference: nil, rules: rules) },
      ending: ending,
      broken: asksOracle ? BrokenRules(shared: portViolations(image)) : BrokenRules())
  }

  /// The result of a case with this answer of the worker and the observation after it.
  func result(
    of image: MachineImage, answered answer: CaseAnswer, observed observation: Observation
  ) -> CaseResult {
    guard isSteady(answer.digest, observation, image) else {
      return CaseResult(
        differing: Ending(.unsteady),
        from: ports.map { $0.run(image) })
    }
    let references = ports.map { $0.observe(image) }
    return CaseResult(
      comparisons: references.map { observation.compared(to: $0) }, ending: observation.ending,
      isCostly: references.allSatisfy { observation.isCostly(besides: $0) })
  }

  /// The result of a case, with the oracle's judgement of the subject's steps: observations of its first
  /// call, of its first two, and so on.
  func judged(_ result: CaseResult, _ image: MachineImage, _ steps: [Observation]) -> CaseResult {
    var judged = result
    let subject = Oracle.judgement(image, steps, kernel: kernel)
    let first = Oracle.judgement(image, ports[0].steps(image), kernel: kernel)
    judged.broken = BrokenRules(subject.violations, reference: first.violations)
    guard let observation = steps.last, Self.isOneRun(steps), !result.isUnsteady else {
      return judged
    }
    for place in result.comparisons.indices where result.comparisons[place].difference != nil {
      let upstream =
        place == 0 ? first : Oracle.judgement(image, ports[place].steps(image), kernel: kernel)
      judged.comparisons[place].mends = mends(
        JudgedDifference(
          image: image, subject: observation, judged: subject, upstream: upstream),
        in: image, of: ports[place], upstream)
    }
    return judged
  }

  /// Whether all steps come from the same path through the case.
  private static func isOneRun(_ steps: [Observation]) -> Bool {
    guard let whole = steps.last else { return false }
    return steps.allSatisfy { whole.events.starts(with: $0.events) }
  }

  /// The mends that explain the whole difference from a port; none if there is any other. The port runs with
  /// each set of mends that changes its behaviour.
  private func mends(
    _ difference: JudgedDifference, in image: MachineImage, of port: HotplugPort,
    _ upstream: Oracle.Judgement
  ) -> [Mend] {
    guard !difference.subject.ending.isOfCode else { return [] }
    defer { port.mends = [] }
    var waiting: [UpstreamMends] = [[]]
    var tried: Set<UpstreamMends> = []
    while let mends = waiting.first {
      waiting.removeFirst()
      guard tried.insert(mends).inserted else { continue }
      port.mends = mends
      let steps = port.steps(image)
      waiting += port.metMends.subtracting(mends).members.map { mends.union($0) }
      guard let reference = steps.last else { return [] }
      let judged =
        mends.isEmpty ? upstream : Oracle.judgement(image, steps, kernel: kernel)
      let found = difference.mends(as: mends, reference, judged: judged)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The mends that explain the difference from the first port, in a case of one call.
  func mends(of image: MachineImage, subject: Observation) -> [Mend] {
    let upstream = Oracle.judgement(image, ports[0].steps(image), kernel: kernel)
    return mends(
      JudgedDifference(
        image: image, subject: subject,
        judged: Oracle.judgement(image, [subject], kernel: kernel), upstream: upstream),
      in: image, of: ports[0], upstream)
  }

  private func portViolations(_ image: MachineImage) -> [Violation] {
    violations(image, ports[0].steps(image))
  }

  /// The oracle's violations for the steps of one side.
  func violations(_ image: MachineImage, _ steps: [Observation]) -> [Violation] {
    Oracle.violations(image, steps, kernel: kernel)
  }

  /// Whether an observation matches the earlier digest.
  func isSteady(_ digest: CaseDigest, _ observation: Observation, _ image: MachineImage) -> Bool {
    // An observation of this size is not sent completely.
    observation.events.count >= ObservationCoding.eventsKept
      || observation.ending.kind == EndingKind.traceOverflow.rawValue
      || observation.digest(entriesPerTable: UInt64(image.layout.entriesPerTable)) == digest
  }

  func observe(_ image: MachineImage) -> Observation { ports[0].observe(image) }

  /// The first port, with which universes are compared.
  var port: HotplugPort { ports[0] }
}
