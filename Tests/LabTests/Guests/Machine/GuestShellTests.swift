// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Lab

/// Uses machines that are shell scripts, with a console but without a kernel.
@Suite("A guest's shell")
struct GuestShellTests {
  static let token = "7f3a"

  /// Calls `body` with a machine that runs the script `lines`.
  private func talk(
    to lines: String, _ body: (MachineParts, PrivateFolder) async throws -> Void
  ) async throws {
    let folder = try PrivateFolder()
    let program = try folder.script("machine", lines)
    let parts = try MachineParts(
      program, [], libraries: nil, folder: folder.path, token: Self.token)
    do { try await body(parts, folder) } catch {
      await parts.end()
      throw error
    }
    await parts.end()
  }

  /// The part of a guest's first process that handles requests, with its files in the machine's folder.
  private static let guest = """
    echo '[ 0.1] booting'
    \(GuestInit.tokenParameter)=\(token) run=.
    \(GuestInit.requests)
    """

  private func within(_ limit: Duration) -> ContinuousClock.Instant { .now + limit }

  /// The error that `command` fails with.
  private func refusal(
    _ parts: MachineParts, _ command: String, within limit: Duration = .seconds(300)
  ) async -> Failure? {
    await LabTests.refusal { () async throws(Failure) in
      try await GuestShell(parts).run(command, before: within(limit))
    }
  }

  @Test("runs each command in a shell of its own, and returns its output and its status")
  func commands() async throws {
    try await talk(to: Self.guest) { parts, folder in
      let hello = try await parts.answer(GuestInit.readyNumber, before: within(.seconds(300)))
      #expect(hello?.output.isEmpty == false)
      let shell = GuestShell(parts)
      let first = try await shell.run(
        "echo out; echo err >&2\nprintf '\\001\\r\\n<<mhpcheck 7f3a 2 end>>'; exit 7",
        before: within(.seconds(300)))
      #expect(
        first == GuestAnswer(output: "out\nerr\n\u{1}\r\n<<mhpcheck 7f3a 2 end>>", status: 7))
      let second = try await shell.run("kill -9 $$", before: within(.seconds(300)))
      #expect(second.status == 137)
      #expect(try await shell.run("", before: within(.seconds(300))).output == "")
      let log = try folder.text("console.log")
      #expect(log.hasPrefix("[ 0.1] booting\n<<mhpcheck 7f3a 0 answer "))
      #expect(parts.console.lastLines == ["[ 0.1] booting"])
    }
  }

  @Test("accepts commands longer than a line of a console")
  func longCommand() async throws {
    try await talk(to: Self.guest) { parts, _ in
      let command = (1...2000).map { "echo \($0)" }.joined(separator: "\n")
      let answer = try await GuestShell(parts).run(command, before: within(.seconds(300)))
      #expect(answer.output == (1...2000).map { "\($0)\n" }.joined())
    }
  }

  @Test("returns a mebibyte of output and no more")
  func bounded() async throws {
    try await talk(to: Self.guest) { parts, _ in
      let whole = try await GuestShell(parts).run(
        "head -c 1048576 /dev/zero", before: within(.seconds(300)))
      #expect(whole.output.utf8.count == 1_048_576)
    }
    try await talk(to: Self.guest) { parts, _ in
      let error = await refusal(parts, "yes", within: .seconds(300))
      #expect(error?.message == "the guest prints more than 1 MiB for one command")
    }
  }

  /// Waits until a machine has printed `count` lines, however slow this machine is.
  private func waitForLines(_ count: Int, of parts: MachineParts) async throws {
    while parts.console.lastLines.count < count { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test("that does not answer is given up in time, with the console's last lines")
  func hangs() async throws {
    try await talk(to: Self.guest) { parts, _ in
      try await waitForLines(1, of: parts)
      let error = await refusal(parts, "sleep 1000", within: .milliseconds(500))
      #expect(error?.message == "the guest does not answer in time")
      #expect(error?.console == ["[ 0.1] booting"])
    }
  }

  @Test("whose machine dies is given up at once, with the machine's last words")
  func dies() async throws {
    try await talk(to: "read -r request; echo '[ 5.0] Kernel panic' >&2; exit 1") { parts, _ in
      let error = await refusal(parts, "true", within: .seconds(300))
      #expect(error?.message == "the guest stopped")
      #expect(error?.console == ["[ 5.0] Kernel panic"])
    }
  }

  @Test("whose machine prints without end is given up in time, and its log is bounded")
  func endless() async throws {
    try await talk(to: "exec yes '[ 1.0] still here'") { parts, folder in
      try await waitForLines(20, of: parts)
      let error = await refusal(parts, "true", within: .seconds(1))
      #expect(error?.console.count == 20)
      await parts.end()
      let size =
        try FileManager.default.attributesOfItem(atPath: folder.file("console.log"))[.size]
        as? UInt64
      #expect(try #require(size) < GuestConsole.largestLog + 1000)
    }
  }

  @Test("whose program is missing gives an error that says so")
  func noProgram() async throws {
    let folder = try PrivateFolder()
    let parts = try MachineParts(
      folder.file("nothing"), [], libraries: nil, folder: folder.path, token: Self.token)
    let error = await refusal(parts, "true")
    #expect(error?.console.contains { $0.contains("nothing") } == true)
    await parts.end()
  }

  @Test("repeats an answer that a message interrupted, but runs its command once")
  func torn() async throws {
    let lines = """
      read -r request
      printf '<<mhpcheck 7f3a 1 answer 2 0>>\\no[ 7.0] noise\\nk<<mhpcheck 7f3a 1 end>>\\n'
      read -r request text
      echo "$request:$text" >asked
      printf '<<mhpcheck 7f3a 2 answer 2 0>>\\nok<<mhpcheck 7f3a 2 end>>\\n'
      cat
      """
    try await talk(to: lines) { parts, folder in
      let answer = try await GuestShell(parts).run("true", before: within(.seconds(300)))
      #expect(answer == GuestAnswer(output: "ok", status: 0))
      #expect(try folder.text("asked") == "?2:\n")
    }
  }

  @Test("removes its machine's memory and socket when it ends, and keeps its log")
  func removed() async throws {
    try await talk(to: "touch ram qmp; \(Self.guest)") { parts, folder in
      _ = try await parts.answer(GuestInit.readyNumber, before: within(.seconds(300)))
      await parts.end()
      #expect(!FileManager.default.fileExists(atPath: folder.file("ram")))
      #expect(!FileManager.default.fileExists(atPath: folder.file("qmp")))
      #expect(try !folder.text("console.log").isEmpty)
    }
  }
}
