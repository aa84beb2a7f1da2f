// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel

/// Which function a difference is put down to: the innermost one that shows the same kind of
/// difference in the same mode when it is called directly.
struct Attribution {
  private struct Key: Hashable {
    var function: SurfaceFunction
    var mode: String
    var signature: String
  }

  private var seen: Set<Key> = []

  /// Reads from all findings which functions differ from the port at a set of fixes.
  init(findings: [CaseFinding], reference: UpstreamFixes) {
    for finding in findings {
      guard let function = finding.differingFunction(from: reference),
        let difference = finding.difference(from: reference)
      else { continue }
      seen.insert(
        Key(function: function, mode: finding.mode, signature: difference.signature))
    }
  }

  /// The innermost function below `function` (or itself) that shows this kind of difference.
  func innermost(
    below function: SurfaceFunction, mode: String, signature: String
  ) -> SurfaceFunction {
    for callee in function.callees {
      let found = innermost(below: callee, mode: mode, signature: signature)
      if seen.contains(Key(function: found, mode: mode, signature: signature)) { return found }
    }
    return function
  }
}
