// SPDX-License-Identifier: GPL-2.0-only

import Machine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Checks and reads the user's files that are not subjects.
public enum ReadableFile {
  /// Throws an error that names `path` unless it is a regular file that is readable and not empty.
  public static func check(_ path: String) throws(Failure) {
    let file = try InputFile.open(path, regularOnly: true)
    let first = try InputFile.readChunk(descriptor: file.descriptor, name: path)
    guard first != nil else { throw Failure(.unreadable, "\(path) is empty") }
  }

  /// Throws an error that names `path` unless it is a folder whose entries are readable.
  public static func checkFolder(_ path: String) throws(Failure) {
    guard let folder = opendir(path) else {
      throw Failure(.unreadable, "\(path): \(InputFile.describe(errno))")
    }
    closedir(folder)
    guard access(path, X_OK) == 0 else {
      throw Failure(.unreadable, "\(path): \(InputFile.describe(errno))")
    }
  }

  /// All bytes of a regular file of at most `limit` bytes. Throws an error that names `path`.
  public static func bytes(of path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
    let file = try InputFile.open(path, regularOnly: true)
    var all: [UInt8] = []
    while let chunk = try InputFile.readChunk(descriptor: file.descriptor, name: path) {
      all.append(contentsOf: chunk)
      guard all.count <= limit else {
        throw Failure(.unreadable, "\(path) is larger than \(limit >> 20) MiB")
      }
    }
    return all
  }
}
