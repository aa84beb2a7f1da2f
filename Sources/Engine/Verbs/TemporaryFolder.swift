// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import Subjects

/// A private folder for the duration of a run.
package struct TemporaryFolder: ~Copyable {
  package let path: String

  /// Makes a folder that only this user can enter, under TMPDIR or /tmp.
  package init() throws(Failure) {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    guard let made = TemporaryPlaces.folder(in: parent, named: TemporaryPlaces.prefix) else {
      let reason = String(cString: strerror(errno))
      throw Failure(
        .incomplete, "no temporary folder can be made in \(parent): \(reason); set TMPDIR")
    }
    path = made
  }

  deinit { TemporaryPlaces.remove(path) }
}
