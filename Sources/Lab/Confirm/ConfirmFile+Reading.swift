// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Reports
import Subjects

extension ConfirmFile {
  /// Reads a confirmation from a file, which is a stranger's: bounded, and regular files alone. What is no
  /// confirmation ends in status 3, as a case that cannot be read does.
  public init(readingFile path: String) throws(PipelineError) {
    let bytes: [UInt8]
    do throws(SubjectError) {
      bytes = try ReadableFile.bytes(of: path, atMost: Self.limit)
    } catch {
      throw PipelineError(.unreadable, error.message)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PipelineError(.unreadable, "\(path) is not UTF-8 text")
    }
    do throws(ConfirmFileError) {
      try self.init(name: path, jsonText: text)
    } catch {
      throw PipelineError(.unreadable, error.message)
    }
  }
}
