// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A riscv64 kernel that runs in QEMU, with memory in a file that can be read from outside.
///
/// One thing is asked of it at a time; what is asked while another thing is under way is refused.
public actor VirtualMachine {
  /// Where RAM begins, physical (QEMU's hw/riscv/virt.c).
  public static let ramBase: UInt64 = 0x8000_0000

  /// Names in the machine's folder.
  static let ramName = "ram"
  static let monitorName = "qmp"

  /// The file that is the machine's RAM, from `ramBase` on; sparse. It is gone when the machine is.
  public nonisolated let ramFile: String
  /// Bytes of RAM.
  public nonisolated let ramSize: UInt64
  /// The file that holds all that the guest printed, as it came. It stays when the machine is gone.
  public nonisolated let consoleLog: String
  /// `uname -r`. It is a stranger's.
  public nonisolated let release: String
  /// What it runs in, e.g. "QEMU 7.2.22".
  public nonisolated let machine: String

  private let parts: MachineParts
  private let monitor: MonitorClient
  private var isBusy = false
  private var lastNumber = GuestInit.readyNumber

  init(parts: MachineParts, monitor: MonitorClient, ramSize: UInt64, release: String) async {
    self.parts = parts
    self.monitor = monitor
    self.ramSize = ramSize
    self.release = release
    machine = await monitor.machine
    ramFile = "\(parts.folder)/\(Self.ramName)"
    consoleLog = "\(parts.folder)/\(MachineParts.logName)"
  }

  /// The last 20 lines of the console, oldest first, of at most 400 bytes. They are a stranger's.
  public nonisolated var lastLines: [String] { parts.console.lastLines }

  /// Runs `command` in a shell of its own, with the modules in /lib/modules (`load NAME...` loads them in
  /// turn) and tracefs at /t.
  ///
  /// It has ended when all that holds its output has: what goes on behind it has to be turned elsewhere.
  /// A guest that does not answer within `limit`, or is gone, is an error with its console's last lines.
  public func run(
    _ command: String, within limit: Duration
  ) async throws(GuestError) -> GuestAnswer {
    try begin()
    defer { isBusy = false }
    let deadline = ContinuousClock.now + limit
    let text = Array(Data(command.utf8).base64EncodedString())
    for start in stride(from: 0, to: text.count, by: GuestInit.longestRequest) {
      let part = text[start..<min(start + GuestInit.longestRequest, text.count)]
      _ = try await ask("+", String(part), before: deadline)
    }
    let answer = try await ask("!", "", before: deadline)
    guard answer.output.utf8.count <= AnswerReader.largestAnswer else {
      throw error("the guest prints more than 1 MiB for one command")
    }
    return answer
  }

  /// Halts the machine, so that its memory stays as it is.
  public func stop() async throws(GuestError) { try await request("stop") }

  /// Lets it run again.
  public func resume() async throws(GuestError) { try await request("cont") }

  /// The page frame of the processor's root table, and its mode, e.g. "sv48": what `satp` holds.
  public func rootTable() async throws(GuestError) -> (pfn: UInt64, mode: String) {
    let registers = try await request(
      "human-monitor-command", ["command-line": "info registers"])
    guard let satp = AddressTranslation(registers: registers) else {
      throw error("QEMU tells no address translation of the processor's")
    }
    return (satp.rootPFN, satp.mode)
  }

  /// Kills the machine, waits until it is gone, and removes its RAM.
  public func end() async { await parts.end() }

  /// Asks the guest, again where a message of the kernel's got into its answer.
  private func ask(
    _ kind: Character, _ text: String, before deadline: ContinuousClock.Instant
  ) async throws(GuestError) -> GuestAnswer {
    var kind = kind
    for _ in 0..<4 {
      lastNumber += 1
      do {
        try parts.process.type(Array("\(kind)\(lastNumber) \(text)\n".utf8))
      } catch {
        throw self.error(error.message)
      }
      if let answer = try await parts.answer(lastNumber, before: deadline) { return answer }
      kind = "?"
    }
    throw error("the kernel's messages tear every answer")
  }

  @discardableResult
  private func request(
    _ command: String, _ arguments: [String: String] = [:]
  ) async throws(GuestError) -> String {
    try begin()
    defer { isBusy = false }
    do { return try await monitor.execute(command, arguments) } catch {
      throw self.error(error.message)
    }
  }

  private func begin() throws(GuestError) {
    guard !isBusy else { throw GuestError(message: "the guest is asked two things at a time") }
    isBusy = true
  }

  private func error(_ message: String) -> GuestError {
    GuestError(message: message, console: lastLines)
  }
}
