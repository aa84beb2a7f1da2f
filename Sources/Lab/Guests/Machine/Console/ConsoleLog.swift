// SPDX-License-Identifier: GPL-2.0-only

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that a guest's console goes to, byte by byte as it came.
final class ConsoleLog: Sendable {
  private let descriptor: Int32

  /// Makes the file at `path` anew, for its owner's eyes.
  init(_ path: String) throws(GuestError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw GuestError(
        message: "\(path) cannot be written: \(systemMessage())",
        advice: "make room, or name a folder that can be written")
    }
  }

  deinit { close(descriptor) }

  /// Writes what can be written: a log that the disk has no room for is no reason to stop.
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

/// What the last failed system call of this thread says.
func systemMessage() -> String { String(cString: strerror(errno)) }
