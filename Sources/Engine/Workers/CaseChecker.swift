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
  private let kept: AnswerBook?

  /// A checker against the port at each of the given sets of fixes, in a kernel with the given options. With
  /// `kept`, the ports do not run for a case whose answer is in it and equals the subject's.
  init(
    fixes: [UpstreamFixes], kernel: KernelOptions = .standard, asksOracle: Bool = true,
    kept: AnswerBook? = nil
  ) {
    self.kept = kept
    ports = fixes.map { HotplugPort(fixes: $0, options: kernel) }
    self.kernel = kernel
    self.asksOracle = asksOracle
  }

  /// Whether `known` may have a result for a case.
  func knows(_ reference: CaseReference) -> Bool { kept?.knows(reference) ?? false }

  /// The result of a case of which a port is known to answer this; nil for any other.
  func known(_ reference: CaseReference, answered answer: CaseAnswer) -> CaseResult? {
    if let hazards = kept?.hazards(of: reference, with: answer.digest) {
      var result = same(Ending(.finished), answer)
      if asksOracle { result.broken = BrokenRules(shared: hazards) }
      return result
    }
    return asksOracle ? kept?.result(of: reference, answered: answer) : nil
  }

  /// The result of a case in which the subject did what the ports at all sets of fixes do.
  private func same(_ ending: Ending, _ answer: CaseAnswer) -> CaseResult {
    let rules = EquivalenceRule.rules(for: answer.spellings)
    return CaseResult(
      comparisons: ports.map { _ in ComparisonResult(difference: nil, rules: rules) },
      ending: ending)
  }

  /// The result of a case with this answer of the worker; nil when an observation is necessary, because no
  /// port's digest is the worker's.
  func result(
    of image: MachineImage, _ reference: CaseReference? = nil, answered answer: CaseAnswer
  ) -> CaseResult? {
    var like: HotplugPort?
    var ending = Ending()
    var areAlike = true
    for port in ports {
      let (digest, portEnding) = port.answer(image)
      if digest != answer.digest {
        areAlike = false
      } else if like == nil {
        like = port
        ending = portEnding
      }
      if !areAlike, like != nil { break }
    }
    guard let like else { return nil }
    // The subject did what this port did, so the port's observations and judgement are the subject's, too.
    guard areAlike else {
      let steps = asksOracle ? like.steps(image) : [like.observe(image)]
      guard var observation = steps.last else { return nil }
      observation.spellings = answer.spellings
      let result = result(of: image, answered: answer, observed: observation)
      guard asksOracle else { return result }
      let judged = judged(result, image, steps)
      if let reference { kept?.keep(judged, answered: answer, for: reference) }
      return judged
    }
    var result = same(ending, answer)
    guard asksOracle else { return result }
    result.broken = BrokenRules(shared: portViolations(image))
    if let reference, ending == Ending(.finished) {
      kept?.keep(answer.digest, result.broken.shared, for: reference)
    }
    return result
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
    // The states of upstream do the same in most cases.
    var compared: [(reference: Observation, result: ComparisonResult)] = []
    for reference in references where !compared.contains(where: { $0.reference == reference }) {
      compared.append((reference, observation.compared(to: reference, in: image)))
    }
    return CaseResult(
      comparisons: references.compactMap { reference in
        compared.first { $0.reference == reference }?.result
      },
      ending: observation.ending,
      isCostly: references.allSatisfy { observation.isCostly(besides: $0) })
  }

  /// The result of a case, with the oracle's judgement of the subject's steps: observations of its first
  /// call, of its first two, and so on.
  func judged(_ result: CaseResult, _ image: MachineImage, _ steps: [Observation]) -> CaseResult {
    var judged = result
    let subject = Oracle.judgement(image, steps, kernel: kernel)
    let first = upstream(0, in: image, besides: [])
    judged.broken = BrokenRules(subject.violations, reference: first.judgement.violations)
    guard let observation = steps.last, Self.isOneRun(steps), !result.isUnsteady else {
      return judged
    }
    var known = [first]
    for place in result.comparisons.indices where result.comparisons[place].difference != nil {
      if place > 0 { known.append(upstream(place, in: image, besides: known)) }
      guard let last = known.last else { continue }
      judged.comparisons[place].mends = mends(
        JudgedDifference(
          image: image, subject: observation, judged: subject, upstream: last.judgement),
        in: image, of: ports[place], last)
    }
    return judged
  }

  /// What a port does in a case, and the oracle's judgement of it.
  private struct Upstream {
    var steps: [Observation]
    var metMends: UpstreamMends
    var judgement: Oracle.Judgement
  }

  /// What the port of a place does. The states of upstream do the same in most cases, and what did the same as one
  /// of `known` is not judged again.
  private func upstream(
    _ place: Int, in image: MachineImage, besides known: [Upstream]
  ) -> Upstream {
    let steps = ports[place].steps(image)
    let met = ports[place].metMends
    let judgement =
      known.first { $0.steps == steps }?.judgement
      ?? Oracle.judgement(image, steps, kernel: kernel)
    return Upstream(steps: steps, metMends: met, judgement: judgement)
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
    _ upstream: Upstream
  ) -> [Mend] {
    guard !difference.subject.ending.isOfCode else { return [] }
    defer { port.mends = [] }
    var waiting: [UpstreamMends] = [[]]
    var tried: Set<UpstreamMends> = []
    while let mends = waiting.first {
      waiting.removeFirst()
      guard tried.insert(mends).inserted else { continue }
      var (steps, met, judged) = (upstream.steps, upstream.metMends, upstream.judgement)
      if !mends.isEmpty {
        port.mends = mends
        steps = port.steps(image)
        met = port.metMends
        judged = Oracle.judgement(image, steps, kernel: kernel)
      }
      waiting += met.subtracting(mends).members.map { mends.union($0) }
      guard let reference = steps.last else { return [] }
      let found = difference.mends(as: mends, reference, judged: judged)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// The mends that explain the difference from the first port, in a case of one call.
  func mends(of image: MachineImage, subject: Observation) -> [Mend] {
    let upstream = upstream(0, in: image, besides: [])
    return mends(
      JudgedDifference(
        image: image, subject: subject,
        judged: Oracle.judgement(image, [subject], kernel: kernel), upstream: upstream.judgement),
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
