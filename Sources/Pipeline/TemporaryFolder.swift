// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// A private folder for the length of a run.
struct TemporaryFolder: ~Copyable {
  let path: String

  /// Makes a folder that only this user can enter, under TMPDIR or /tmp.
  init() throws(PipelineError) {
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(parent)/mhpcheck-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      let reason = String(cString: strerror(errno))
      throw PipelineError(
        .incomplete, "no temporary folder can be made in \(parent): \(reason); set TMPDIR")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
