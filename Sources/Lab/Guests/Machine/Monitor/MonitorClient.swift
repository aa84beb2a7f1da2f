// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A client of QEMU's monitor (QMP): lines of JSON over a Unix socket.
///
/// The caller must make only one request at a time.
actor MonitorClient {
  /// The maximum length of a line in bytes; "info registers" takes some thousand.
  static let longestLine = 1 << 20

  /// The interval between looks at the socket while a reply is awaited. A reply comes within a millisecond,
  /// so a wakeup by the reply would not be sooner.
  private static let interval = Duration.milliseconds(1)

  /// The name of the machine, e.g. "QEMU 7.2.22".
  private(set) var machine = ""
  private let socket: MonitorSocket
  private let patience: Duration
  private var received: [UInt8] = []
  private var lastID = 0

  private init(_ socket: MonitorSocket, patience: Duration) {
    self.socket = socket
    self.patience = patience
  }

  /// Connects to the socket `name` in `folder` as soon as QEMU listens there, reads the greeting, and
  /// prepares for requests. This, and every later request, may take as long as `patience`.
  static func connect(
    folder: String, name: String, patience: Duration
  ) async throws(Failure) -> MonitorClient {
    let deadline = ContinuousClock.now + patience
    while true {
      if let socket = try MonitorSocket.connect(folder: folder, name: name) {
        let client = MonitorClient(socket, patience: patience)
        try await client.greet()
        return client
      }
      guard ContinuousClock.now < deadline else {
        throw Failure(.incomplete, "QEMU does not open its monitor")
      }
      try await pause(interval)
    }
  }

  private func greet() async throws(Failure) {
    let deadline = ContinuousClock.now + patience
    while machine.isEmpty { machine = try await next(before: deadline).greeting ?? "" }
    try await execute("qmp_capabilities")
  }

  /// Makes QEMU run `command`; returns the reply if it is text, else "".
  @discardableResult
  func execute(
    _ command: String, _ arguments: [String: String] = [:]
  ) async throws(Failure) -> String {
    lastID += 1
    let id = lastID
    let request = MonitorRequest(execute: command, arguments: arguments, id: id)
    guard var bytes = (try? JSONEncoder().encode(request)).map(Array.init) else {
      throw Failure(.incomplete, "the request \(command) cannot be written")
    }
    bytes.append(UInt8(ascii: "\n"))
    guard socket.send(bytes) else { throw Self.gone }
    let deadline = ContinuousClock.now + patience
    while true {
      let reply = try await next(before: deadline)
      guard reply.id == id else { continue }
      if let refusal = reply.refusal {
        throw Failure(.incomplete, "QEMU refuses \(command): \(refusal)")
      }
      if let answer = reply.answer { return answer }
    }
  }

  /// The next line, as a reply.
  private func next(before deadline: ContinuousClock.Instant) async throws(Failure)
    -> MonitorReply
  {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Data(received[..<end])
        received.removeSubrange(...end)
        guard let reply = try? JSONDecoder().decode(MonitorReply.self, from: line) else {
          throw Failure(.incomplete, "QEMU's monitor sent an invalid reply")
        }
        return reply
      }
      switch socket.look() {
      case .bytes(let bytes):
        received += bytes
        guard received.count <= Self.longestLine else {
          throw Failure(.incomplete, "QEMU's monitor sent a line that is too long")
        }
      case .closed: throw Self.gone
      case .nothing:
        guard ContinuousClock.now < deadline else {
          throw Failure(.incomplete, "QEMU's monitor does not answer")
        }
        try await pause(Self.interval)
      }
    }
  }

  private static let gone = Failure(.incomplete, "QEMU has closed its monitor")
}

/// Waits; throws when it is interrupted.
func pause(_ duration: Duration) async throws(Failure) {
  do { try await Task.sleep(for: duration) } catch {
    throw Failure(.incomplete, "interrupted")
  }
}
