// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subjects

/// A folder of the cache with the versions of one thing, each in its own folder.
///
/// A version gets its name only when it is complete, and its marker last, so that neither a killed run nor a
/// parallel one leaves an incomplete version.
struct VersionedFolder: Sendable {
  let cache: CacheFolder
  /// The folder's path below the cache.
  let place: String

  /// A complete version.
  struct Entry: Hashable, Sendable {
    let path: String
    /// Its description, e.g. the package and its version.
    let label: String
  }

  private static let marker = "complete"
  private static let labelFile = "VERSION"
  private static let stagingPrefix = TemporaryPlaces.fetching

  /// The version that was fetched last.
  func newest() -> Entry? {
    guard let folder = cache.existing(place) else { return nil }
    let whole = Self.names(in: folder).compactMap { name -> (path: String, date: Date)? in
      let path = "\(folder)/\(name)"
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(Self.marker)")
      guard !name.hasPrefix("."), let date = attributes?[.modificationDate] as? Date else {
        return nil
      }
      return (path, date)
    }
    return whole.max { ($0.date, $0.path) < ($1.date, $1.path) }.flatMap { entry($0.path) }
  }

  /// The version `version`, if it is there and complete.
  func whole(_ version: String) -> Entry? {
    guard let folder = cache.existing(place) else { return nil }
    let path = "\(folder)/\(Self.folderName(version))"
    let isWhole = InputFile.kind(of: "\(path)/\(Self.marker)") == .regular
    return isWhole ? entry(path) : nil
  }

  /// Makes a version while no other process does.
  ///
  /// `found` is called again under the lock: a version that another process made meanwhile is used. Otherwise
  /// `fill` gets two private folders, one that becomes the version and one for temporary files, and returns
  /// the version and its label.
  func make(
    waiting: () -> Void, found: () async -> Entry?,
    fill: (_ tree: String, _ scratch: String) async throws(GuestError) -> (
      version: String, label: String
    )
  ) async throws(GuestError) -> Entry {
    let folder = try asGuest { () throws(SubjectError) in try cache.subfolder(place) }
    let lock = try await Self.lock("\(folder)/lock", waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    if let entry = await found() { return entry }
    removeLeftovers(folder)
    let staging = try asGuest { () throws(SubjectError) in
      try ScratchFolder(in: folder, prefix: Self.stagingPrefix)
    }
    defer { staging.remove() }
    let (tree, scratch) = ("\(staging.path)/tree", "\(staging.path)/scratch")
    try Self.create(tree)
    try Self.create(scratch)
    let made = try await fill(tree, scratch)
    return try publish(tree, version: made.version, label: made.label, in: folder)
  }

  private static func lock(
    _ path: String, waiting: () -> Void
  ) async throws(GuestError) -> FileLock {
    do {
      return try await FileLock.acquire(path, waiting: waiting)
    } catch {
      throw GuestError(error)
    }
  }

  private func publish(
    _ tree: String, version: String, label: String, in folder: String
  ) throws(GuestError) -> Entry {
    let target = "\(folder)/\(Self.folderName(version))"
    try Self.write(Array("\(label)\n".utf8), to: "\(tree)/\(Self.labelFile)")
    try Self.write([], to: "\(tree)/\(Self.marker)")
    do {
      try? FileManager.default.removeItem(atPath: target)
      try FileManager.default.moveItem(atPath: tree, toPath: target)
    } catch {
      throw GuestError(CacheFolder.notWritable(target))
    }
    return Entry(path: target, label: label)
  }

  private func entry(_ path: String) -> Entry? {
    guard let label = try? InputFile.read("\(path)/\(Self.labelFile)", regularOnly: true) else {
      return nil
    }
    let text = String(decoding: label, as: UTF8.self)
    return Entry(path: path, label: Tools.firstLine(of: text))
  }

  /// Removes the files of a killed run. This process holds the lock, so no other one works there.
  private func removeLeftovers(_ folder: String) {
    for name in Self.names(in: folder) where name.hasPrefix(Self.stagingPrefix) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  /// The folder's name for a version: an epoch has a colon, which search paths do not allow.
  private static func folderName(_ version: String) -> String {
    version.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "%3a")
  }

  /// The names of the files in `folder`, sorted; empty if it cannot be read.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Makes the folder `path` and its parents.
  static func create(_ path: String) throws(GuestError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw GuestError(CacheFolder.notWritable(path))
    }
  }

  /// Writes a file, and makes its parent folders.
  static func write(
    _ bytes: [UInt8], to path: String, isExecutable: Bool = false
  ) throws(GuestError) {
    let url = URL(filePath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      if isExecutable {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
    } catch {
      throw GuestError(CacheFolder.notWritable(path))
    }
  }
}
