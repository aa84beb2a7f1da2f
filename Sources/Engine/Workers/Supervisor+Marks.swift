// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Synchronization
import Worker

/// The combined marks of all workers of a run, until they are enough.
///
/// Each worker reports its marks after every batch, so one that dies loses only those of the batch on which
/// it died; the cases of that batch that do not kill run again.
final class MarkCollector: Sendable {
  private struct State {
    var marks: MarkSet
    var isContent: Bool
  }

  private let isEnough: @Sendable (MarkSet) -> Bool
  private let state: Mutex<State>

  /// A collector for `count` marks. It calls `isEnough` whenever there are new ones.
  init(count: Int, isEnough: @escaping @Sendable (MarkSet) -> Bool = { _ in false }) {
    self.isEnough = isEnough
    let none = MarkSet(count: count)
    state = Mutex(State(marks: none, isContent: isEnough(none)))
  }

  /// The marks reached so far.
  var reached: MarkSet { state.withLock { $0.marks } }

  /// Whether nothing remains to be reached.
  var isContent: Bool { state.withLock { $0.isContent } }

  func add(_ bytes: [UInt8]) {
    state.withLock { state in
      let before = state.marks
      state.marks.formUnion(bytes: bytes)
      if state.marks != before { state.isContent = isEnough(state.marks) }
    }
  }
}

extension Supervisor {
  /// Runs cases on a subject with marks until the collector is content. Nothing is compared with the port.
  func mark(
    _ cases: [CaseReference], into collector: MarkCollector,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) {
    _ = try await run(
      cases, dying: (), progress: progress, slot: {},
      batch: { _, conversation, cases in
        if collector.isContent { return cases.map { _ in } }
        guard let answers = try await conversation.answers(to: cases),
          try await conversation.mark(into: collector)
        else { return nil }
        return answers.map { _ in }
      })
  }

  /// The same, with cases of universes that call only the given functions.
  func mark(
    _ universes: [Universe], calling functions: Set<KernelFunction>,
    into collector: MarkCollector,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) {
    let queue = SweepQueue(
      universes: universes, functions: functions, costly: noneCostly, stop: stop,
      progress: progress)
    try await serve(queue, slots: jobs) {
      { piece, conversation in
        let part = piece.part
        var result = SweepResult()
        if collector.isContent { return result }
        guard case .swept(let digests)? = try await conversation.ask(.sweep(part), slow: 50),
          try await conversation.mark(into: collector)
        else { return nil }
        result.cases = UInt64(digests.count)
        // Slow cases ended the part, and nobody looks which: the rest of the universe is skipped.
        result.isCutShort = result.cases < part.caseCount
        return result
      }
    }
  }
}

extension Exchange.Conversation {
  /// Gets the worker's marks; false when the worker is gone.
  fileprivate func mark(into collector: MarkCollector) async throws -> Bool {
    guard case .marks(let bytes)? = try await ask(.marks, slow: 0) else { return false }
    collector.add(bytes)
    return true
  }
}
