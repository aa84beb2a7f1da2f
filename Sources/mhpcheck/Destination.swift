// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Lab
import Machine
import Subjects

/// The destination of one report. The program tests it before the run, and refuses the run if it cannot write
/// the report. It writes the report after the run.
///
/// The report replaces a regular file as a whole, so that nobody ever reads half a report; links are
/// followed, and the file keeps its mode and owner. Anything else - a device, a pipe, a file with several
/// hard links - remains, and the report is written into it.
struct Destination {
  private enum Way {
    /// The report goes to an open descriptor.
    case descriptor(Int32)
    /// A new file next to the path replaces the file there; with the status of that file, if it exists.
    case replaced(String, stat?)
    /// The report goes into the existing file.
    case through(String)
  }

  /// The user's name for it.
  let name: String
  private let way: Way

  /// The destination that the user names; "-" is standard output. Throws if it cannot be written.
  init(_ path: String) throws(Failure) {
    if path == "-" {
      name = "standard output"
      way = .descriptor(STDOUT_FILENO)
      let flags = fcntl(STDOUT_FILENO, F_GETFL)
      guard flags >= 0, flags & O_ACCMODE != O_RDONLY else { throw Self.refusal(name, EBADF) }
      return
    }
    name = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard !path.isEmpty else { throw Self.refusal("a file without a name", ENOENT) }
      guard errno == ENOENT else { throw Self.refusal(path, errno) }
      let place = Self.end(ofLinksAt: path)
      if let code = Self.obstacle(beside: place) { throw Self.refusal(path, code) }
      way = .replaced(place, nil)
      return
    }
    way = try Self.way(to: path, status)
  }

  /// The same for an optional path; nil if there is none.
  static func named(_ path: String?) throws(Failure) -> Destination? {
    guard let path else { return nil }
    return try Destination(path)
  }

  private static func way(to path: String, _ status: stat) throws(Failure) -> Way {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal(path, EISDIR)
    case S_IFSOCK: throw refusal(path, "it is a socket")
    default: break
    }
    // A path such as /dev/stdout uses the open descriptor, so that earlier output remains before the report.
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isSame(status, descriptor) {
      return .descriptor(descriptor)
    }
    guard access(path, W_OK) == 0 else { throw refusal(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
      let place = realPath(path), obstacle(beside: place) == nil
    else { return .through(path) }
    // A link in /proc can point to a file that has no path.
    var found = stat()
    let isFound = lstat(place, &found) == 0 && isSame(status, found)
    return isFound ? .replaced(place, status) : .through(path)
  }

  /// Writes a report. A replaced file keeps its old contents until the whole report is written.
  func write(_ text: String) throws(Failure) {
    switch way {
    case .descriptor(let descriptor): try put(text, descriptor)
    case .through(let path): try write(text, through: path)
    case .replaced(let path, let before): try write(text, replacing: path, before)
    }
  }

  private func write(_ text: String, through path: String) throws(Failure) {
    var status = stat()
    let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | (isFile ? O_TRUNC : 0))
    guard descriptor >= 0 else { throw Self.refusal(name, errno) }
    do throws(Failure) {
      try put(text, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems report only here that they are full.
    guard close(descriptor) == 0 else { throw Self.refusal(name, errno) }
  }

  private func write(_ text: String, replacing path: String, _ before: stat?) throws(Failure) {
    var descriptor: Int32 = -1
    let made = TemporaryPlaces.make {
      let (made, opened) = Self.make(beside: path, mode: before == nil ? 0o666 : 0o600)
      descriptor = opened
      return opened < 0 ? nil : made
    }
    guard let made else { throw Self.refusal(name, errno) }
    defer { TemporaryPlaces.remove(made) }
    do throws(Failure) {
      try put(text, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    if let before {
      // Only root can change the owner; for other users, the file remains theirs.
      _ = fchown(descriptor, before.st_uid, before.st_gid)
      _ = fchmod(descriptor, before.st_mode & 0o777)
    }
    guard close(descriptor) == 0 else { throw Self.refusal(name, errno) }
    if rename(made, path) == 0 { return }
    // A mount point can be written, but not replaced.
    guard errno == EBUSY else { throw Self.refusal(name, errno) }
    try write(text, through: path)
  }

  private func put(_ text: String, _ descriptor: Int32) throws(Failure) {
    if let code = Output.put(text, to: descriptor) { throw Self.refusal(name, code) }
  }

  // MARK: Paths

  /// The final target of a path's symbolic links; the target need not exist.
  private static func end(ofLinksAt path: String) -> String {
    var path = path
    for _ in 0..<40 {
      var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &bytes, bytes.count)
      guard count > 0 else { break }
      let target = String(decoding: bytes[..<count], as: UTF8.self)
      path = target.hasPrefix("/") ? target : folder(of: path) + target
    }
    return path
  }

  /// The path up to its last slash, with the slash; empty for a bare name.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func realPath(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// Creates a file in the folder of another; the descriptor is negative if that fails, with the reason in
  /// `errno`.
  private static func make(beside path: String, mode: mode_t) -> (path: String, Int32) {
    while true {
      let name = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let made = "\(folder(of: path)).\(TemporaryPlaces.prefix)\(name)"
      let descriptor = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
      if descriptor >= 0 || errno != EEXIST { return (made, descriptor) }
    }
  }

  /// The error number for creating a file in the folder of another; nil if that succeeds.
  private static func obstacle(beside path: String) -> Int32? {
    if path.hasSuffix("/") { return EISDIR }
    let (made, descriptor) = make(beside: path, mode: 0o600)
    guard descriptor >= 0 else { return errno }
    unlink(made)
    close(descriptor)
    return nil
  }

  private static func isSame(_ status: stat, _ descriptor: Int32) -> Bool {
    var other = stat()
    return fstat(descriptor, &other) == 0 && isSame(status, other)
  }

  private static func isSame(_ one: stat, _ other: stat) -> Bool {
    one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  // MARK: Refusals

  static func refusal(_ name: String, _ code: Int32) -> Failure {
    refusal(name, String(cString: strerror(code)))
  }

  private static func refusal(_ name: String, _ reason: String) -> Failure {
    Failure(.incomplete, "\(name) cannot be written: \(reason)")
  }
}

extension Destination {
  /// Throws if two reports go to the same file, or a report goes to an input file, even under different
  /// names.
  static func checkApart(_ all: [Destination], read paths: [String]) throws(Failure) {
    var taken: [String: String] = [:]
    for path in paths {
      if let place = realPath(path) { taken[place] = path }
    }
    for destination in all {
      guard case .replaced(let path, let before) = destination.way else { continue }
      let place = before == nil ? (realPath(folder(of: path) + ".") ?? "") + "/" + last(path) : path
      if let other = taken.updateValue(destination.name, forKey: place) {
        throw Failure(
          .usage,
          other == destination.name
            ? "\(other) is read; name another file for the report"
            : "\(other) and \(destination.name) are one file; name another for the report")
      }
    }
  }

  private static func last(_ path: String) -> Substring {
    path.split(separator: "/").last ?? ""
  }
}
