// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import FoundationEssentials
import Glibc

/// Targets that a hostile subject would touch if it escaped from its worker: a file that does not exist, and
/// a port of this host that nobody connects to.
final class Canary: Sendable {
  private let folder: PrivateFolder
  private let listener: Int32
  private let port: UInt16

  /// The test could not set up its own listener.
  struct NoListener: Error {}

  init() throws {
    folder = try PrivateFolder()
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = withUnsafeMutableBytes(of: &address) { bytes in
      let place = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      return bind(listener, place, size) == 0 && listen(listener, 8) == 0
        && getsockname(listener, place, &size) == 0
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw NoListener() }
  }

  deinit { close(listener) }

  private var file: String { "\(folder.path)/canary" }

  /// The macros that give a subject the file and the port.
  var defines: [String] { ["CANARY_FILE=\"\(file)\"", "CANARY_PORT=\(port)"] }

  /// Whether the file still does not exist, and nobody has connected.
  var isUntouched: Bool {
    var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) == 0 && !FileManager.default.fileExists(atPath: file)
  }
}
