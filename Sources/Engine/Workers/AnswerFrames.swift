// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import Worker

/// What a worker writes, frame by frame.
struct AnswerFrames {
  private var buffers: SubprocessOutputSequence.Iterator
  private var pending = Data()
  private let entries: Int
  /// Whether the worker has closed its output, as it does when it ends.
  private(set) var isAtEnd = false

  init(_ output: SubprocessOutputSequence, entries: Int) {
    buffers = output.makeAsyncIterator()
    self.entries = entries
  }

  /// The next answer, to the request of that number; nil when the output is over, or what comes is no frame
  /// or the answer to something else.
  mutating func next(to number: UInt64) async -> WorkerResponse? {
    guard let header = await take(WorkerResponse.headerBytes) else { return nil }
    var reader = WordReader(header)
    guard let tag = reader.next(), let length = reader.next(), reader.next() == number,
      length <= WorkerResponse.longestAnswer, let payload = await take(Int(length))
    else { return nil }
    return WorkerResponse(tag: tag, payload: payload, entries: entries)
  }

  private mutating func take(_ count: Int) async -> Data? {
    while pending.count < count {
      guard let buffer = try? await buffers.next(isolation: nil) else {
        isAtEnd = true
        return nil
      }
      // The bytes are copied within the call that lends them.
      buffer.withUnsafeBytes { pending.append(contentsOf: $0) }
    }
    let taken = Data(pending.prefix(count))
    pending = Data(pending.dropFirst(count))
    return taken
  }
}
