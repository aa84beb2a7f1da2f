// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Synchronization

/// The shell in a guest, used over its console: the host's side of `GuestInit`.
final class GuestShell: Sendable {
  /// The number of attempts to get an answer that kernel messages tear.
  private static let attempts = 4

  private let parts: MachineParts
  private let lastNumber = Atomic<Int>(GuestInit.readyNumber)

  /// The shell of a guest that has reported that it is ready.
  init(_ parts: MachineParts) { self.parts = parts }

  /// Runs `command`. Throws, with the last lines of the console, if the guest does not answer before
  /// `deadline` or is gone.
  func run(
    _ command: String, before deadline: ContinuousClock.Instant
  ) async throws(Failure) -> GuestAnswer {
    var rest = Array(Data(command.utf8).base64EncodedString())[...]
    while rest.count > GuestInit.longestRequest {
      try await ask("+", String(rest.prefix(GuestInit.longestRequest)), before: deadline)
      rest = rest.dropFirst(GuestInit.longestRequest)
    }
    return try await ask("!", String(rest), before: deadline)
  }

  @discardableResult
  private func ask(
    _ kind: Character, _ text: String, before deadline: ContinuousClock.Instant
  ) async throws(Failure) -> GuestAnswer {
    var request = "\(kind)", told = text
    for _ in 0..<Self.attempts {
      let number = lastNumber.add(1, ordering: .relaxed).newValue
      do { try parts.process.type(Array("\(request)\(number) \(told)\n".utf8)) } catch {
        throw self.error(error.message)
      }
      if let answer = try await parts.answer(number, before: deadline) { return answer }
      // The command has run; only its answer must come again.
      request = "?"
      told = ""
    }
    throw error("the kernel's messages interrupt every answer")
  }

  private func error(_ message: String) -> Failure {
    Failure(.incomplete, message, console: parts.console.lastLines)
  }
}
