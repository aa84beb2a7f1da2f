// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// Lets so many through at a time. Tests run side by side, each of their runs of the program has a
/// worker a core, and a machine that does sixty such runs at once finishes none soon.
actor Turnstile {
  /// The one for runs of the program: one run a core.
  static let runs = Turnstile(places: ProcessInfo.processInfo.activeProcessorCount)

  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { self.places = max(1, places) }

  /// Runs `body` when a place is free.
  nonisolated func through<Result: Sendable>(
    _ body: @Sendable () async throws -> Result
  ) async rethrows -> Result {
    await enter()
    do {
      let result = try await body()
      await leave()
      return result
    } catch {
      await leave()
      throw error
    }
  }

  private func enter() async {
    if places > 0 {
      places -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// The place goes to whoever has waited longest.
  private func leave() {
    if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
  }
}
