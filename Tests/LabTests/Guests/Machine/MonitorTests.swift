// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Lab

@Suite("QEMU's monitor")
struct MonitorTests {
  /// The result of the request "stop" to a monitor that has `turns` after its greeting.
  private func stop(
    _ turns: [[String]], patience: Duration = .seconds(300)
  ) async throws -> Result<String, Failure> {
    let folder = try PrivateFolder()
    let monitor = try FakeMonitor(
      in: folder, turns: [[FakeMonitor.greeting]] + turns)
    let result: Result<String, Failure>
    do throws(Failure) {
      let client = try await MonitorClient.connect(
        folder: folder.path, name: FakeMonitor.name, patience: patience)
      #expect(await client.machine == "QEMU 7.2.22")
      result = .success(try await client.execute("stop"))
    } catch { result = .failure(error) }
    monitor.join()
    return result
  }

  @Test("is understood if its lines come in parts, between events and other replies")
  func torn() async throws {
    let result = try await stop([
      [#"{"ret"#, #"urn": {}, "id""#, ": 1}\n"],
      [
        #"{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}"# + "\n{\"retu",
        #"rn": "late", "id": 1}"# + "\n" + #"{"return": "text\r\n", "id": 2}"# + "\n",
      ],
    ])
    #expect(result == .success("text\r\n"))
  }

  @Test("may refuse a request, which is an error with its reason")
  func refuses() async throws {
    let result = try await stop([
      [FakeMonitor.ready],
      [#"{"error": {"class": "GenericError", "desc": "not now"}, "id": 2}"# + "\n"],
    ])
    #expect(result == .failure(Failure(.incomplete, "QEMU refuses stop: not now")))
  }

  @Test("that closes instead of answering is an error")
  func closed() async throws {
    let result = try await stop([[FakeMonitor.ready], []])
    #expect(result == .failure(Failure(.incomplete, "QEMU has closed its monitor")))
  }

  @Test("that says nothing is given up in time")
  func silent() async throws {
    // The second turn waits for a line that never comes, until the client disconnects.
    let result = try await stop([[FakeMonitor.ready], [""], []], patience: .milliseconds(300))
    #expect(result == .failure(Failure(.incomplete, "QEMU's monitor does not answer")))
  }

  @Test(
    "that sends no valid reply, or no end of a line, is an error",
    arguments: [
      "no json\n", #"{"return": "#, #"{"error": "text", "id": 2}"# + "\n",
      String(repeating: "x", count: (1 << 20) + 1),
    ] as [String])
  func nonsense(text: String) async throws {
    let result = try await stop([[FakeMonitor.ready], [text]])
    guard case .failure = result else {
      Issue.record("\(result)")
      return
    }
  }

  private func refusalOfConnecting(to folder: String) async -> Failure? {
    await refusal { () async throws(Failure) in
      try await MonitorClient.connect(
        folder: folder, name: FakeMonitor.name, patience: .milliseconds(100))
    }
  }

  @Test("that nobody opens is given up in time")
  func absent() async throws {
    let folder = try PrivateFolder()
    let error = await refusalOfConnecting(to: folder.path)
    #expect(error?.message == "QEMU does not open its monitor")
  }

  @Test("is reached even if its folder's path is too long for a socket")
  func longPath() async throws {
    let folder = try PrivateFolder()
    let long = String(repeating: "a-long-name", count: 15)
    try folder.write("\(long)/file", [])
    let error = await refusalOfConnecting(to: folder.file(long))
    #expect(error?.message == "QEMU does not open its monitor")
  }
}
