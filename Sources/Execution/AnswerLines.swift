// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess

/// What a worker writes, line by line, whatever their length: one observation can take megabytes.
///
/// Lines end in a newline byte only; the library's own lines also end at Unicode's separators, and
/// are made character by character.
struct AnswerLines {
  private var buffers: SubprocessOutputSequence.Iterator
  private var pending = Data()

  init(_ output: SubprocessOutputSequence) { buffers = output.makeAsyncIterator() }

  /// The next whole line, without its newline; nil when the output is over.
  mutating func next() async throws -> Data? {
    var searched = pending.startIndex
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = pending[..<end]
        pending = Data(pending[(end + 1)...])
        return Data(line)
      }
      searched = pending.endIndex
      guard let buffer = try await buffers.next(isolation: nil) else { return nil }
      // The bytes are copied within the call that lends them.
      buffer.withUnsafeBytes { pending.append(contentsOf: $0) }
    }
  }
}
