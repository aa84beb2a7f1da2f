// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// Limits the concurrent runs of the program to the number of processors: the test library starts all
/// variants at once, and a hundred concurrent runs slow each other down.
actor ProgramThrottle {
  /// The slots that all runs of this process share.
  static let shared = ProgramThrottle(count: max(1, ProcessInfo.processInfo.activeProcessorCount))

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) { free = count }

  /// Waits for a free slot and runs `body` in it.
  nonisolated func hold<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    await take()
    do {
      let result = try await body()
      await give()
      return result
    } catch {
      await give()
      throw error
    }
  }

  private func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func give() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
