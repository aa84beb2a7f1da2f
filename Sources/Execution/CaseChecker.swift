// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel
import Oracle
import PageTables

/// Holds what workers say of their subject against the port, in the supervisor's process: no subject
/// comes near it. One belongs to one task at a time.
public final class CaseChecker {
  private let ports: [HotplugPort]
  let cases = LoweredCatalogue()
  /// Whether the oracle is asked too.
  let asksOracle: Bool

  /// A checker against the port at each of some sets of fixes, in a kernel of that configuration.
  public init(
    fixes: [UpstreamFixes], kernel: KernelOptions = .standard, asksOracle: Bool = true
  ) {
    ports = fixes.map { HotplugPort(fixes: $0, options: kernel) }
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
        from: ports.map { port in
          port.load(image)
          return port.run()
        })
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
    judged.broken = BrokenRules(
      Oracle.violations(image, steps), reference: portViolations(image))
    return judged
  }

  private func portViolations(_ image: MachineImage) -> [Violation] {
    Oracle.violations(image, ports[0].steps(image))
  }

  /// Whether an observation is of what was digested before.
  func isSteady(_ digest: CaseDigest, _ observation: Observation, _ image: MachineImage) -> Bool {
    // Of these not all is sent.
    observation.events.count >= ObservationWords.eventsKept
      || observation.ending.kind == EndingKind.traceOverflow.rawValue
      || observation.digest(entriesPerTable: UInt64(image.layout.entriesPerTable)) == digest
  }

  /// What the first port does in a case.
  func observe(_ image: MachineImage) -> Observation { ports[0].observe(image) }

  /// The first port, which universes are held against.
  var port: HotplugPort { ports[0] }
}
