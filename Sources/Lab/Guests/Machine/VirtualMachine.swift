// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A riscv64 kernel that runs in QEMU, with memory in a file that can be read from outside.
///
/// One thing is asked of it at a time; what is asked while another thing is under way is refused.
actor VirtualMachine {
  /// Where RAM begins, physical (QEMU's hw/riscv/virt.c).
  static let ramBase: UInt64 = 0x8000_0000

  /// Names in the machine's folder.
  static let ramName = "ram"
  static let monitorName = "qmp"

  /// The file that is the machine's RAM, from `ramBase` on; sparse. It is gone when the machine is.
  nonisolated let ramFile: String
  /// Bytes of RAM.
  nonisolated let ramSize: UInt64
  /// The file that holds all that the guest printed, as it came. It stays when the machine is gone.
  nonisolated let consoleLog: String
  /// `uname -r`. It is a stranger's.
  nonisolated let release: String
  /// What it runs in, e.g. "QEMU 7.2.22".
  nonisolated let machine: String

  private let parts: MachineParts
  private let shell: GuestShell
  private let monitor: MonitorClient
  private var isBusy = false

  init(parts: MachineParts, monitor: MonitorClient, ramSize: UInt64, release: String) async {
    self.parts = parts
    shell = GuestShell(parts)
    self.monitor = monitor
    self.ramSize = ramSize
    self.release = release
    machine = await monitor.machine
    ramFile = "\(parts.folder)/\(Self.ramName)"
    consoleLog = "\(parts.folder)/\(MachineParts.logName)"
  }

  /// The last 20 lines of the console, oldest first, of at most 400 bytes. They are a stranger's.
  nonisolated var lastLines: [String] { parts.console.lastLines }

  /// Runs `command` in a shell of its own, with the modules in /lib/modules (`load NAME...` loads them in
  /// turn) and tracefs at /t.
  ///
  /// It has ended when all that holds its output has: what goes on behind it has to be turned elsewhere.
  /// A guest that does not answer within `limit`, or is gone, is an error with its console's last lines.
  func run(
    _ command: String, within limit: Duration
  ) async throws(GuestError) -> GuestAnswer {
    try begin()
    defer { isBusy = false }
    return try await shell.run(command, before: ContinuousClock.now + limit)
  }

  /// Halts the machine, so that its memory stays as it is.
  func stop() async throws(GuestError) { try await request("stop") }

  /// Lets it run again.
  func resume() async throws(GuestError) { try await request("cont") }

  /// The page frame of the processor's root table, and its mode, e.g. "sv48": what `satp` holds.
  func rootTable() async throws(GuestError) -> (pfn: UInt64, mode: String) {
    let registers = try await request(
      "human-monitor-command", ["command-line": "info registers"])
    guard let satp = AddressTranslation(registers: registers) else {
      throw error("QEMU tells no address translation of the processor's")
    }
    return (satp.rootPFN, satp.mode)
  }

  /// Kills the machine, waits until it is gone, and removes its RAM.
  func end() async { await parts.end() }

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
