// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import Worker

/// The output of a worker, frame by frame.
struct AnswerFrames {
  private var buffers: SubprocessOutputSequence.Iterator
  private var pending = Data()
  private let entries: Int
  /// Whether the worker has closed its output, as it does at its end.
  private(set) var isAtEnd = false

  init(_ output: SubprocessOutputSequence, entries: Int) {
    buffers = output.makeAsyncIterator()
    self.entries = entries
  }

  /// The next answer, to the request with this number; nil at the end of the output, or when the next bytes
  /// are not a frame or answer another request.
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
      // Copy the bytes within this call, because the buffer is valid only here.
      buffer.withUnsafeBytes { pending.append(contentsOf: $0) }
    }
    let taken = Data(pending.prefix(count))
    pending = Data(pending.dropFirst(count))
    return taken
  }
}
