// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import TestSupport
import Testing

@testable import Lab

@Suite("A machine's process")
struct MachineProcessTests {
  /// A machine that writes its process id to `pid` and ignores signals.
  private static let stubborn = """
    trap '' HUP INT TERM PIPE
    echo $$ >pid.new
    mv pid.new pid
    while :; do sleep 1000; done
    """

  private func processID(in folder: PrivateFolder) async throws -> pid_t {
    for _ in 0..<60_000 {
      if FileManager.default.fileExists(atPath: folder.file("pid")) {
        return try #require(pid_t(try folder.text("pid").filter(\.isNumber)))
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw Failure(.incomplete, "the machine did not start")
  }

  /// Waits up to 300 s for the process to end; a zombie counts as ended.
  private func isGone(_ process: pid_t) async throws -> Bool {
    for _ in 0..<60_000 {
      guard let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
        return true
      }
      let state = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.first {
        $0 != " "
      }
      if state == "Z" { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private func start(_ folder: PrivateFolder) throws -> MachineProcess {
    let console = try GuestConsole(token: "7f3a", logPath: folder.file("console.log"))
    return try MachineProcess(
      try folder.script("machine", Self.stubborn), [], libraries: nil, folder: folder.path,
      console: console)
  }

  @Test("ends when it is told to, even if it ignores signals")
  func ended() async throws {
    let folder = try PrivateFolder()
    let process = try start(folder)
    let id = try await processID(in: folder)
    await process.end()
    #expect(try await isGone(id))
  }

  @Test("ends when nobody holds it any more, even if another one runs")
  func dropped() async throws {
    let folder = try PrivateFolder()
    let other = try PrivateFolder()
    var process: MachineProcess? = try start(folder)
    let id = try await processID(in: folder)
    // Starts later: if it had inherited the first one's input, that input would never end.
    let second = try start(other)
    let otherID = try await processID(in: other)
    #expect(process != nil)
    process = nil
    #expect(try await isGone(id))
    #expect(kill(otherID, 0) == 0)
    await second.end()
  }

  @Test("ends, and its memory goes, if the process that started it is killed")
  func parentKilled() async throws {
    let folder = try PrivateFolder()
    let machine = try folder.script("machine", Self.stubborn)
    try folder.write("ram", [1])
    // Holds the only write end of the machine's input, as the harness does.
    let holder = try folder.script(
      "holder",
      """
      echo $$ >holder.new
      mv holder.new holder.pid
      exec sleep 1000
      """)
    let pipeline = try folder.script(
      "start", "\(holder) | setsid sh -c \"$1\" machine '' \(machine) &")
    try await MachineProgram(at: pipeline).run([MachineProcess.script], folder: folder.path)
    let id = try await processID(in: folder)
    let holderID = try #require(pid_t(try folder.text("holder.pid").filter(\.isNumber)))
    #expect(kill(id, 0) == 0)
    #expect(kill(holderID, SIGKILL) == 0)
    #expect(try await isGone(id))
    #expect(!FileManager.default.fileExists(atPath: folder.file("ram")))
  }
}
