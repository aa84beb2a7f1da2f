// SPDX-License-Identifier: GPL-2.0-only

import CVersion
import Engine

extension Version {
  /// The line of `--version`: "0.1.0 (1a2b3c4, 2026-11-30, Swift 6.3)". Without `make`, the commit is unknown.
  static var line: String {
    let parts = [
      String(cString: mhp_version_commit()), String(cString: mhp_version_date()), "Swift \(swift)",
    ]
    return "\(text) (\(parts.filter { !$0.isEmpty }.joined(separator: ", ")))"
  }
}
