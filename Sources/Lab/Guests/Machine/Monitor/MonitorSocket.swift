// SPDX-License-Identifier: GPL-2.0-only

import Machine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A connection to a Unix socket that never blocks; the caller looks again later.
final class MonitorSocket: Sendable {
  private let descriptor: Int32

  /// The result of a look at the socket.
  enum Look: Hashable, Sendable {
    case bytes([UInt8])
    /// Nothing has arrived yet.
    case nothing
    /// The other end is gone.
    case closed
  }

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Connects to the socket `name` in `folder`; nil when nobody listens there yet.
  ///
  /// A socket's address has room for 107 bytes. The connection uses the folder's descriptor, so that the
  /// folder's path may have any length.
  static func connect(folder: String, name: String) throws(Failure) -> MonitorSocket? {
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw Failure(.incomplete, "\(folder): \(systemMessage())") }
    defer { close(directory) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("/proc/self/fd/\(directory)/\(name)".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(.incomplete, "\(name) is too long for the name of a socket")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else { throw Failure(.incomplete, "no socket: \(systemMessage())") }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connectSocket(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if status == 0 { return MonitorSocket(descriptor) }
    let reason = errno
    close(descriptor)
    guard [ENOENT, ECONNREFUSED, EAGAIN].contains(reason) else {
      throw Failure(.incomplete, "\(name): \(String(cString: strerror(reason)))")
    }
    return nil
  }

  /// Sends `bytes`; false when the other end is gone, or accepts nothing more.
  func send(_ bytes: [UInt8]) -> Bool {
    sendWhole(descriptor, bytes)
  }

  /// The bytes that arrived since the last look.
  func look() -> Look {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count > 0 { return .bytes(Array(buffer[..<count])) }
    return count < 0 && [EAGAIN, EINTR].contains(errno) ? .nothing : .closed
  }
}

/// Sends all of `bytes` through a socket at once, without waiting, and without a signal if the other end is
/// gone; false if that is not possible. Requests are small compared with the socket's buffer.
func sendWhole(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
  let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
  return send(descriptor, bytes, bytes.count, flags) == bytes.count
}

private func connectSocket(
  _ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t
) -> Int32 {
  connect(descriptor, address, length)
}
