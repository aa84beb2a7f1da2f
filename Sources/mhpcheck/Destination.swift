// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Lab
import Subjects

/// Where one report goes. It is looked at before the run, which is refused where the report could not be
/// written, and written to after it.
///
/// A regular file is replaced as a whole, through links, so that nobody ever reads half a report; it keeps
/// its mode and owner. Whatever else has the name - a device, a pipe, a file that has other names besides -
/// stays what it is and is written through.
struct Destination {
  private enum Way {
    /// Something that is open already.
    case descriptor(Int32)
    /// A file is made beside the path and takes its place; with what is there now.
    case replaced(String, stat?)
    /// What is there is written to as it stands.
    case through(String)
  }

  /// What the user calls it.
  let name: String
  private let way: Way

  /// The destination that a user names, "-" for standard output; throws where it cannot be written.
  init(_ path: String) throws(PipelineError) {
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

  /// The same of an option; nil where it is not there.
  static func named(_ path: String?) throws(PipelineError) -> Destination? {
    guard let path else { return nil }
    return try Destination(path)
  }

  private static func way(to path: String, _ status: stat) throws(PipelineError) -> Way {
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw refusal(path, EISDIR)
    case S_IFSOCK: throw refusal(path, "it is a socket")
    default: break
    }
    // What /dev/stdout leads to is in use, and what was written to it stays in front.
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] where isSame(status, descriptor) {
      return .descriptor(descriptor)
    }
    guard access(path, W_OK) == 0 else { throw refusal(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
      let place = realPath(path), obstacle(beside: place) == nil
    else { return .through(path) }
    // A link of /proc leads to files that no path leads to.
    var found = stat()
    let isFound = lstat(place, &found) == 0 && isSame(status, found)
    return isFound ? .replaced(place, status) : .through(path)
  }

  /// Writes a report; what was there before is lost only once the whole report is there to take its place.
  func write(_ text: String) throws(PipelineError) {
    switch way {
    case .descriptor(let descriptor): try put(text, descriptor)
    case .through(let path): try write(text, through: path)
    case .replaced(let path, let before): try write(text, replacing: path, before)
    }
  }

  private func write(_ text: String, through path: String) throws(PipelineError) {
    var status = stat()
    let isFile = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | (isFile ? O_TRUNC : 0))
    guard descriptor >= 0 else { throw Self.refusal(name, errno) }
    do throws(PipelineError) {
      try put(text, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    // Some file systems tell only now that they are full.
    guard close(descriptor) == 0 else { throw Self.refusal(name, errno) }
  }

  private func write(_ text: String, replacing path: String, _ before: stat?) throws(PipelineError)
  {
    var descriptor: Int32 = -1
    let made = TemporaryPlaces.make {
      let (made, opened) = Self.make(beside: path, mode: before == nil ? 0o666 : 0o600)
      descriptor = opened
      return opened < 0 ? nil : made
    }
    guard let made else { throw Self.refusal(name, errno) }
    defer { TemporaryPlaces.remove(made) }
    do throws(PipelineError) {
      try put(text, descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    if let before {
      // Only root can give a file away; whoever cannot makes one of their own.
      _ = fchown(descriptor, before.st_uid, before.st_gid)
      _ = fchmod(descriptor, before.st_mode & 0o777)
    }
    guard close(descriptor) == 0 else { throw Self.refusal(name, errno) }
    if rename(made, path) == 0 { return }
    // A file that something is mounted on can be written, not replaced.
    guard errno == EBUSY else { throw Self.refusal(name, errno) }
    try write(text, through: path)
  }

  private func put(_ text: String, _ descriptor: Int32) throws(PipelineError) {
    if let code = Output.put(text, to: descriptor) { throw Self.refusal(name, code) }
  }

  // MARK: Paths

  /// Where a path that leads nowhere yet leads to: the end of its links.
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

  /// What stands before a path's last part, with the slash; empty for a bare name.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func realPath(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// Makes a file in the folder of another; the descriptor is negative where that fails.
  private static func make(beside path: String, mode: mode_t) -> (path: String, Int32) {
    while true {
      let name = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let made = "\(folder(of: path)).\(TemporaryPlaces.prefix)\(name)"
      let descriptor = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
      if descriptor >= 0 || errno != EEXIST { return (made, descriptor) }
    }
  }

  /// What keeps a file from being made in the folder of another; nil where nothing does.
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

  static func refusal(_ name: String, _ code: Int32) -> PipelineError {
    refusal(name, String(cString: strerror(code)))
  }

  private static func refusal(_ name: String, _ reason: String) -> PipelineError {
    PipelineError(.incomplete, "\(name) cannot be written: \(reason)")
  }
}

extension Destination {
  /// Refuses two reports in one file, and a report in a file that is read, under whatever names.
  static func checkApart(_ all: [Destination], read paths: [String]) throws(PipelineError) {
    var taken: [String: String] = [:]
    for path in paths {
      if let place = realPath(path) { taken[place] = path }
    }
    for destination in all {
      guard case .replaced(let path, let before) = destination.way else { continue }
      let place = before == nil ? (realPath(folder(of: path) + ".") ?? "") + "/" + last(path) : path
      if let other = taken.updateValue(destination.name, forKey: place) {
        throw PipelineError(
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
