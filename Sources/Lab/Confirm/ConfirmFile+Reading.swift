// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Reports
import Subjects

extension ConfirmFile {
  /// Reads a confirmation from a file, which is a stranger's: bounded, and regular files alone. What is no
  /// confirmation ends in status 3, as a case that cannot be read does.
  public init(readingFile path: String) throws(Failure) {
    let bytes: [UInt8]
    bytes = try ReadableFile.bytes(of: path, atMost: Self.limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.unreadable, "\(path) is not UTF-8 text")
    }
    try self.init(name: path, jsonText: text)
  }
}
