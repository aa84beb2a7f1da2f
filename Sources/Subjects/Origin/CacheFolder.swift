// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folder for fetched packages.
package struct CacheFolder: Sendable {
  /// The folder; nil if the environment names none.
  private let folder: String?

  /// Uses `path`, or the user's own folder: `MHPCHECK_CACHE`, else `mhpcheck` below `XDG_CACHE_HOME`, else
  /// below `.cache` of the home folder.
  package init(path: String?) {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? {
      // The XDG specification says to ignore relative paths.
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    folder =
      path ?? value("MHPCHECK_CACHE") ?? value("XDG_CACHE_HOME").map { "\($0)/mhpcheck" }
      ?? value("HOME").map { "\($0)/.cache/mhpcheck" }
  }

  /// The path of the folder `name` below the cache; creates the folder if it is missing.
  package func subfolder(_ name: String) throws(Failure) -> String {
    guard let folder else {
      throw Failure(
        .unreadable, "there is no folder to keep packages in (no HOME)",
        advice: "set MHPCHECK_CACHE to an absolute path")
    }
    let path = "\(folder)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Self.notWritable(path)
    }
    guard access(path, W_OK | X_OK) == 0 else { throw Self.notWritable(path) }
    return path
  }

  /// The path that the folder `name` below the cache has or would have.
  package func place(_ name: String) -> String? { folder.map { "\($0)/\(name)" } }

  /// The path of the folder `name` below the cache; nil if there is no such folder.
  package func existing(_ name: String) -> String? {
    guard let folder else { return nil }
    let path = "\(folder)/\(name)"
    return InputFile.kind(of: path) == .folder ? path : nil
  }

  /// The remedy for a full disk.
  package static let makeRoom = "make room or set MHPCHECK_CACHE to a folder on another disk"

  /// The error for a folder that is not writable.
  package static func notWritable(_ path: String) -> Failure {
    Failure(
      .unreadable, "\(path) cannot be written",
      advice: "make room or set MHPCHECK_CACHE to a folder that can be written")
  }
}

/// A private folder below another one; `remove` removes it with its contents.
package struct ScratchFolder {
  package let path: String

  /// Makes a folder below `parent`, named `prefix` and six random characters.
  package init(in parent: String, prefix: String) throws(Failure) {
    guard let made = TemporaryPlaces.folder(in: parent, named: prefix) else {
      throw CacheFolder.notWritable(parent)
    }
    path = made
  }

  /// Removes the folder if it still exists.
  package func remove() { TemporaryPlaces.remove(path) }
}

/// A lock between processes; the object holds it during its lifetime.
package final class FileLock: Sendable {
  private let file: OpenFile

  private init(file: OpenFile) { self.file = file }

  /// Waits for the lock file at `path`; calls `waiting` once if another process holds the lock.
  package static func acquire(
    _ path: String, waiting: () -> Void
  ) async throws(Failure) -> FileLock {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw CacheFolder.notWritable(path) }
    let lock = FileLock(file: OpenFile(owning: descriptor))
    var isFirst = true
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw CacheFolder.notWritable(path) }
      if isFirst { waiting() }
      isFirst = false
      do {
        try await Task.sleep(for: .milliseconds(200))
      } catch {
        throw Failure(.unreadable, "interrupted while waiting for \(path)")
      }
    }
    return lock
  }
}
