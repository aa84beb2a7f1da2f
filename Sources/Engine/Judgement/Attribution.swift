// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Attributes a difference to a function: the innermost one that shows the same kind of difference in the
/// same mode when a case calls it directly.
struct Attribution {
  private struct Key: Hashable {
    /// Nil for a case without calls.
    var function: KernelFunction?
    var mode: String
    var signature: String
  }

  private let reference: UpstreamFixes
  private var seen: Set<Key> = []

  /// Collects from all findings the functions that differ from the port at a set of fixes. Findings that
  /// identify the call come first; they help to attribute the others.
  init(findings: [CaseFinding], reference: UpstreamFixes) {
    self.reference = reference
    var unsure: [CaseFinding] = []
    for finding in findings {
      guard let difference = finding.difference(from: reference) else { continue }
      guard finding.operations.count == 1 || finding.comparisons[reference]?.operation != nil
      else {
        unsure.append(finding)
        continue
      }
      enter(finding, difference)
    }
    let sure = self
    for finding in unsure {
      guard let difference = finding.difference(from: reference) else { continue }
      seen.insert(sure.key(sure.called(in: finding), finding, difference))
    }
  }

  private mutating func enter(_ finding: CaseFinding, _ difference: Difference) {
    seen.insert(key(called(in: finding), finding, difference))
  }

  private func key(
    _ function: KernelFunction?, _ finding: CaseFinding, _ difference: Difference
  ) -> Key {
    Key(
      function: function ?? finding.operations.first, mode: finding.mode,
      signature: difference.signature)
  }

  /// The call that causes the difference of a case: the one in which the sides diverge. If only the end state
  /// differs, it is the last call that shows the same difference in other cases, or else the last call.
  func called(in finding: CaseFinding) -> KernelFunction? {
    guard let function = finding.differingFunction(from: reference),
      let difference = finding.difference(from: reference)
    else { return nil }
    guard finding.comparisons[reference]?.operation == nil else { return function }
    let known = finding.operations.last { seen.contains(key($0, finding, difference)) }
    return known ?? function
  }

  /// The innermost callee of `function` that shows this kind of difference; `function` itself if none does.
  func innermost(
    below function: KernelFunction, mode: String, signature: String
  ) -> KernelFunction {
    for callee in function.callees {
      let found = innermost(below: callee, mode: mode, signature: signature)
      if seen.contains(Key(function: found, mode: mode, signature: signature)) { return found }
    }
    return function
  }
}
