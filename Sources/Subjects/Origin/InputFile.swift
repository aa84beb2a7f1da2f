// SPDX-License-Identifier: GPL-2.0-only

import Machine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The C functions under names that the methods below do not hide.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }
private func readBytes(_ descriptor: Int32, _ bytes: inout [UInt8], _ count: Int) -> Int {
  read(descriptor, &bytes, count)
}

/// An open file descriptor, closed when the last reference is gone.
package final class OpenFile: Sendable {
  /// The descriptor, valid while this object lives.
  package let descriptor: Int32

  /// Takes ownership of `descriptor`.
  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}

/// Safe reading of files: a bounded size, no folders, no hang.
package enum InputFile {
  /// Limit of one source or patch, in bytes. The largest file of a kernel tree is smaller.
  package static let limit = 64 << 20
  /// Limit of all files together that are read from one tree, in bytes.
  package static let treeLimit = 256 << 20

  /// The kind of file at a path.
  package enum Kind {
    case missing, folder, regular, other
  }

  /// The kind of file at `path`, after links.
  package static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    return kind(of: status)
  }

  private static func kind(of status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: .folder
    case S_IFREG: .regular
    default: .other
    }
  }

  /// Opens `path` for reading.
  ///
  /// With `regularOnly`, it refuses pipes and devices; without it, it accepts a pipe such as a shell's
  /// process substitution. Throws an error that names `path`.
  package static func open(_ path: String, regularOnly: Bool) throws(Failure) -> OpenFile {
    let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (regularOnly ? O_NONBLOCK : 0)
    let descriptor = openFile(path, flags)
    guard descriptor >= 0 else {
      throw Failure(.unreadable, "\(path): \(describe(errno))", advice: nil)
    }
    let file = OpenFile(owning: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Failure(.unreadable, "\(path): \(describe(errno))")
    }
    switch kind(of: status) {
    case .folder: throw Failure(.unreadable, "\(path) is a folder, not a file")
    case .regular: break
    default:
      if regularOnly { throw Failure(.unreadable, "\(path) is not a regular file") }
    }
    return file
  }

  /// All bytes of the file at `path`, at most `limit`.
  package static func read(_ path: String, regularOnly: Bool) throws(Failure) -> [UInt8] {
    let file = try open(path, regularOnly: regularOnly)
    return try read(descriptor: file.descriptor, name: path)
  }

  /// All bytes from `descriptor`, at most `limit`; errors use `name`.
  static func read(descriptor: Int32, name: String) throws(Failure) -> [UInt8] {
    var all: [UInt8] = []
    while let chunk = try readChunk(descriptor: descriptor, name: name) {
      all.append(contentsOf: chunk)
      guard all.count <= limit else { throw tooLarge(name) }
    }
    return all
  }

  /// The next bytes from `descriptor`, at most 256 KiB; nil at the end.
  package static func readChunk(descriptor: Int32, name: String) throws(Failure) -> ArraySlice<
    UInt8
  >? {
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = readBytes(descriptor, &chunk, chunk.count)
      if count > 0 { return chunk[..<count] }
      if count == 0 { return nil }
      if errno != EINTR { throw Failure(.unreadable, "\(name): \(describe(errno))") }
    }
  }

  /// The error for a file that exceeds `limit`.
  static func tooLarge(_ name: String) -> Failure {
    Failure(
      .unreadable, "\(name) is larger than any kernel source file (the limit is \(limit >> 20) MiB)"
    )
  }

  /// The error for a tree that exceeds `treeLimit`.
  static func treeTooLarge(_ name: String) -> Failure {
    Failure(
      .unreadable,
      "\(name) holds more than any kernel tree in the files that are read (the limit is "
        + "\(treeLimit >> 20) MiB)")
  }

  /// The text for an error number.
  static func describe(_ code: Int32) -> String {
    switch code {
    case ENOENT: "no such file"
    case EACCES: "permission denied"
    default: String(cString: strerror(code))
    }
  }
}
