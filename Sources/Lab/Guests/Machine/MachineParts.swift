// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// The process and console of a machine, before and after its kernel answers.
struct MachineParts: Sendable {
  /// The file of the console's log, in the machine's folder.
  static let logName = "console.log"

  /// The interval between looks for an answer: a guest takes some milliseconds for any request.
  private static let interval = Duration.milliseconds(2)

  let folder: String
  let process: MachineProcess
  let console: GuestConsole

  /// Starts `program` in `folder`, with a console whose answers carry `token`.
  init(
    _ program: String, _ arguments: [String], libraries: String?, folder: String, token: String
  ) throws(Failure) {
    self.folder = folder
    console = try GuestConsole(token: token, logPath: "\(folder)/\(Self.logName)")
    process = try MachineProcess(
      program, arguments, libraries: libraries, folder: folder, console: console)
  }

  /// Waits for the answer `number`; nil when a kernel message tore it.
  func answer(
    _ number: Int, before deadline: ContinuousClock.Instant
  ) async throws(Failure) -> GuestAnswer? {
    while true {
      // Keep this order: an answer that came before the end counts.
      let hasEnded = console.hasEnded
      switch console.take(number) {
      case .answer(_, let status, let output)?:
        guard output.count <= AnswerReader.largestAnswer else {
          throw Failure(.incomplete, "the guest prints more than 1 MiB for one command")
        }
        return GuestAnswer(output: String(decoding: output, as: UTF8.self), status: status)
      case .torn?: return nil
      case .noise?, nil: break
      }
      guard !hasEnded else {
        throw Failure(.incomplete, "the guest stopped", console: console.lastLines)
      }
      guard ContinuousClock.now < deadline else {
        throw Failure(.incomplete, "the guest does not answer in time", console: console.lastLines)
      }
      try await pause(Self.interval)
    }
  }

  /// Kills the machine, waits until it is gone, and removes the files that are useless without it.
  func end() async {
    await process.end()
    for name in [VirtualMachine.ramName, VirtualMachine.monitorName] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
