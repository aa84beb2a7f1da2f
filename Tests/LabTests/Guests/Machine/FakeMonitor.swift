// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Plays QEMU's monitor at a socket for one client: sends a greeting, then answers each line that it receives
/// with the given texts for that turn, in as many parts as given.
final class FakeMonitor: Sendable {
  static let name = "qmp"
  static let greeting =
    #"{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "#
    + #""capabilities": ["oob"]}}"# + "\n"
  static let ready = #"{"return": {}, "id": 1}"# + "\n"

  private let thread: pthread_t

  /// Listens in `folder` until the last of `turns` is over; `turns[0]` is said before anything is heard.
  init(in folder: PrivateFolder, turns: [[String]]) throws {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    try #require(listener >= 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: folder.file(Self.name).utf8)
    }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0 && listen(listener, 1) == 0)
    let part = Unmanaged.passRetained(Part(listener, turns))
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Part>.fromOpaque(context).takeRetainedValue().play()
        return nil
      }, part.toOpaque())
    try #require(started == 0)
    self.thread = thread
  }

  /// Waits until the monitor's thread has ended.
  func join() { pthread_join(thread, nil) }

  private final class Part {
    let listener: Int32
    let turns: [[String]]

    init(_ listener: Int32, _ turns: [[String]]) {
      self.listener = listener
      self.turns = turns
    }

    func play() {
      let client = accept(listener, nil, nil)
      close(listener)
      for (index, turn) in turns.enumerated() {
        if index > 0 { hearLine(client) }
        for part in turn {
          let bytes = Array(part.utf8)
          send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
          usleep(5000)
        }
      }
      close(client)
    }

    private func hearLine(_ client: Int32) {
      var byte: UInt8 = 0
      while recv(client, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") {}
    }
  }
}
