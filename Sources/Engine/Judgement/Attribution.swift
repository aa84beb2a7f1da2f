// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Which function a difference is put down to: the innermost one that shows the same kind of
/// difference in the same mode when it is called directly.
struct Attribution {
  private struct Key: Hashable {
    var function: KernelFunction
    var mode: String
    var signature: String
  }

  private let reference: UpstreamFixes
  private var seen: Set<Key> = []

  /// Reads from all findings which functions differ from the port at a set of fixes: first from those
  /// that leave no doubt which call it is.
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
      function: function ?? finding.operations[0], mode: finding.mode,
      signature: difference.signature)
  }

  /// The call of a case that a difference is put down to: that in which the sides part. Where only the
  /// state at the end differs, the last one that shows the same in cases of its own, or the last.
  func called(in finding: CaseFinding) -> KernelFunction? {
    guard let function = finding.differingFunction(from: reference),
      let difference = finding.difference(from: reference)
    else { return nil }
    guard finding.comparisons[reference]?.operation == nil else { return function }
    let known = finding.operations.last { seen.contains(key($0, finding, difference)) }
    return known ?? function
  }

  /// The innermost function below `function` (or itself) that shows this kind of difference.
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
