// SPDX-License-Identifier: GPL-2.0-only

import Machine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that receives a guest's console output, byte by byte.
final class ConsoleLog: Sendable {
  private let descriptor: Int32

  /// Creates the file at `path`, or empties it; only its owner can read a new one.
  init(_ path: String) throws(Failure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw Failure(
        .incomplete, "\(path) cannot be written: \(systemMessage())",
        advice: "make room, or name a folder that can be written")
    }
  }

  deinit { close(descriptor) }

  /// Writes as much as possible: a full disk is no reason to stop.
  func write(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { buffer in
      var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
      while !rest.isEmpty, let base = rest.baseAddress {
        #if canImport(Glibc)
          let written = Glibc.write(descriptor, base, rest.count)
        #else
          let written = Musl.write(descriptor, base, rest.count)
        #endif
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }
}

/// The error message of this thread's last failed system call.
func systemMessage() -> String { String(cString: strerror(errno)) }
