// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A machine's process and console, before and after its kernel answers.
struct MachineParts: Sendable {
  /// The console's log, in the machine's folder.
  static let logName = "console.log"

  /// How often answers are looked for: a guest takes some milliseconds for anything.
  private static let interval = Duration.milliseconds(2)

  let folder: String
  let process: MachineProcess
  let console: GuestConsole

  /// Starts `program` in `folder`, with a console whose answers carry `token`.
  init(
    _ program: String, _ arguments: [String], libraries: String?, folder: String, token: String
  ) throws(GuestError) {
    self.folder = folder
    console = try GuestConsole(token: token, logPath: "\(folder)/\(Self.logName)")
    process = try MachineProcess(
      program, arguments, libraries: libraries, folder: folder, console: console)
  }

  /// Waits for the answer `number`; nil when a message of the kernel's tore it.
  func answer(
    _ number: Int, before deadline: ContinuousClock.Instant
  ) async throws(GuestError) -> GuestAnswer? {
    while true {
      // Asked in this order: what came before the end counts.
      let hasEnded = console.hasEnded
      switch console.take(number) {
      case .answer(_, let status, let output)?:
        guard output.count <= AnswerReader.largestAnswer else {
          throw GuestError(message: "the guest prints more than 1 MiB for one command")
        }
        return GuestAnswer(output: String(decoding: output, as: UTF8.self), status: status)
      case .torn?: return nil
      case .noise?, nil: break
      }
      guard !hasEnded else {
        throw GuestError(message: "the guest stopped", console: console.lastLines)
      }
      guard ContinuousClock.now < deadline else {
        throw GuestError(message: "the guest does not answer in time", console: console.lastLines)
      }
      try await pause(Self.interval)
    }
  }

  /// Kills the machine, waits until it is gone, and removes what is of no use without.
  func end() async {
    await process.end()
    for name in [VirtualMachine.ramName, VirtualMachine.monitorName] {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
