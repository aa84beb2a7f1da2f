// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A riscv64 kernel that runs in QEMU, with memory in a file that can be read from outside.
///
/// It serves one request at a time, and refuses others meanwhile.
actor VirtualMachine {
  /// The physical address of RAM (QEMU's hw/riscv/virt.c).
  static let ramBase: UInt64 = 0x8000_0000

  /// File names in the machine's folder.
  static let ramName = "ram"
  static let monitorName = "qmp"

  /// The file with the machine's RAM, from `ramBase` on; sparse. It is removed with the machine.
  nonisolated let ramFile: String
  /// The size of RAM in bytes.
  nonisolated let ramSize: UInt64
  /// The file with all output of the guest, unchanged. It remains when the machine is gone.
  nonisolated let consoleLog: String
  /// The output of `uname -r`; untrusted text.
  nonisolated let release: String
  /// The emulator, e.g. "QEMU 7.2.22".
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

  /// The last 20 lines of the console, oldest first, of at most 400 bytes; untrusted text.
  nonisolated var lastLines: [String] { parts.console.lastLines }

  /// Runs `command` in its own shell, with the modules in /lib/modules (`load NAME...` loads them in order)
  /// and tracefs at /t.
  ///
  /// The command ends when every process that holds its output has ended: a background process must redirect
  /// its output. Throws, with the last lines of the console, if the guest does not answer within `limit` or
  /// is gone.
  func run(
    _ command: String, within limit: Duration
  ) async throws(Failure) -> GuestAnswer {
    try begin()
    defer { isBusy = false }
    return try await shell.run(command, before: ContinuousClock.now + limit)
  }

  /// Halts the machine, so that its memory does not change.
  func stop() async throws(Failure) { try await request("stop") }

  /// Lets the machine run again.
  func resume() async throws(Failure) { try await request("cont") }

  /// The contents of `satp`: the page frame of the processor's root table, and its mode, e.g. "sv48".
  func rootTable() async throws(Failure) -> (pfn: UInt64, mode: String) {
    let registers = try await request(
      "human-monitor-command", ["command-line": "info registers"])
    guard let satp = AddressTranslation(registers: registers) else {
      throw error("QEMU reports no usable satp")
    }
    return (satp.rootPFN, satp.mode)
  }

  /// Kills the machine, waits until it is gone, and removes its RAM.
  func end() async { await parts.end() }

  @discardableResult
  private func request(
    _ command: String, _ arguments: [String: String] = [:]
  ) async throws(Failure) -> String {
    try begin()
    defer { isBusy = false }
    do { return try await monitor.execute(command, arguments) } catch {
      throw self.error(error.message)
    }
  }

  private func begin() throws(Failure) {
    guard !isBusy else { throw Failure(.incomplete, "the guest is busy with another request") }
    isBusy = true
  }

  private func error(_ message: String) -> Failure {
    Failure(.incomplete, message, console: lastLines)
  }
}
