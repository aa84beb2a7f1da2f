// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port
import Worker

/// Holds what workers say of their subject against the port, in the supervisor's process: no subject
/// comes near it. One belongs to one task at a time.
final class CaseChecker {
  private let ports: [HotplugPort]
  private let kernel: KernelOptions
  let cases = CaseResolver()
  /// Whether the oracle is asked too.
  let asksOracle: Bool

  /// A checker against the port at each of some sets of fixes, in a kernel of that configuration.
  init(
    fixes: [UpstreamFixes], kernel: KernelOptions = .standard, asksOracle: Bool = true
  ) {
    ports = fixes.map { HotplugPort(fixes: $0, options: kernel) }
    self.kernel = kernel
    self.asksOracle = asksOracle
  }

  /// The result of a case that the worker answered so; nil when what the subject did must be seen,
  /// because a digest is not the port's.
  func result(of image: MachineImage, answered answer: CaseAnswer) -> CaseResult? {
    var ending = Ending()
    for port in ports {
      let (digest, portEnding) = port.answer(image)
      guard digest == answer.digest else { return nil }
      ending = portEnding
    }
    let rules = EquivalenceRule.rules(for: answer.spellings)
    // What is said of the port holds for a subject that did the same.
    return CaseResult(
      comparisons: ports.map { _ in ComparisonResult(difference: nil, rules: rules) },
      ending: ending,
      broken: asksOracle ? BrokenRules(shared: portViolations(image)) : BrokenRules())
  }

  /// The result of a case in which the worker answered so and then showed this.
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

  /// The result of a case with what the oracle says of the subject's steps: an observation of its first
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

  /// Whether the steps are of one and the same way through the case.
  private static func isOneRun(_ steps: [Observation]) -> Bool {
    guard let whole = steps.last else { return false }
    return steps.allSatisfy { whole.events.starts(with: $0.events) }
  }

  /// The mends that a difference from a port is, when it is nothing else: the port runs with each set of
  /// mends that changes what it does.
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

  /// The mends that the difference of a case of one call from the first port is.
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

  /// What the oracle says of what a side did.
  func violations(_ image: MachineImage, _ steps: [Observation]) -> [Violation] {
    Oracle.violations(image, steps, kernel: kernel)
  }

  /// Whether an observation is of what was digested before.
  func isSteady(_ digest: CaseDigest, _ observation: Observation, _ image: MachineImage) -> Bool {
    // Of these not all is sent.
    observation.events.count >= ObservationCoding.eventsKept
      || observation.ending.kind == EndingKind.traceOverflow.rawValue
      || observation.digest(entriesPerTable: UInt64(image.layout.entriesPerTable)) == digest
  }

  /// What the first port does in a case.
  func observe(_ image: MachineImage) -> Observation { ports[0].observe(image) }

  /// The first port, which universes are held against.
  var port: HotplugPort { ports[0] }
}
