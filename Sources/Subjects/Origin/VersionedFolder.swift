// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A folder of the cache with the versions of one thing, each in its own folder.
///
/// A version gets its name only when it is complete, and its marker last, so that neither a killed run nor a
/// parallel one leaves an incomplete version.
package struct VersionedFolder: Sendable {
  private let cache: CacheFolder
  private let place: String
  private let markers: [String]

  /// A complete version.
  package struct Entry: Hashable, Sendable {
    package let path: String
    /// Its description, e.g. the package and its version.
    package let label: String
  }

  private static let labelFile = "VERSION"
  private static let stagingPrefix = TemporaryPlaces.fetching

  /// The folder `place` below the cache. A version gets all `markers`, and one that lacks the first is not
  /// used.
  package init(cache: CacheFolder, place: String, markers: [String] = ["complete"]) {
    self.cache = cache
    self.place = place
    self.markers = markers
  }

  /// The version that was fetched last.
  package func newest() -> Entry? {
    guard let folder = cache.existing(place) else { return nil }
    let whole = Self.names(in: folder).compactMap { name -> (path: String, date: Date)? in
      let path = "\(folder)/\(name)"
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(markers[0])")
      guard !name.hasPrefix("."), let date = attributes?[.modificationDate] as? Date else {
        return nil
      }
      return (path, date)
    }
    return whole.max { ($0.date, $0.path) < ($1.date, $1.path) }.flatMap { entry($0.path) }
  }

  /// The version `version`, if it is there and complete.
  package func whole(_ version: String) -> Entry? {
    guard let folder = cache.existing(place) else { return nil }
    let path = "\(folder)/\(Self.folderName(version))"
    let isWhole = InputFile.kind(of: "\(path)/\(markers[0])") == .regular
    return isWhole ? entry(path) : nil
  }

  /// Makes a version while no other process does.
  ///
  /// `found` is called again under the lock: a version that another process made meanwhile is used. Otherwise
  /// `fill` gets two private folders, one that becomes the version and one for temporary files, and returns
  /// the version and its label.
  package func make(
    waiting: () -> Void, found: () async -> Entry?,
    fill: (_ tree: String, _ scratch: String) async throws(Failure) -> (
      version: String, label: String
    )
  ) async throws(Failure) -> Entry {
    let folder = try cache.subfolder(place)
    let lock = try await FileLock.acquire("\(folder)/lock", waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    if let entry = await found() { return entry }
    removeLeftovers(folder)
    let staging = try ScratchFolder(in: folder, prefix: Self.stagingPrefix)
    defer { staging.remove() }
    let (tree, scratch) = ("\(staging.path)/tree", "\(staging.path)/scratch")
    try Self.create(tree)
    try Self.create(scratch)
    let made = try await fill(tree, scratch)
    return try publish(tree, version: made.version, label: made.label, in: folder)
  }

  private func publish(
    _ tree: String, version: String, label: String, in folder: String
  ) throws(Failure) -> Entry {
    let target = "\(folder)/\(Self.folderName(version))"
    try Self.write(Array("\(label)\n".utf8), to: "\(tree)/\(Self.labelFile)")
    for marker in markers { try Self.write([], to: "\(tree)/\(marker)") }
    do {
      try? FileManager.default.removeItem(atPath: target)
      try FileManager.default.moveItem(atPath: tree, toPath: target)
    } catch {
      throw CacheFolder.notWritable(target)
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
  package static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// Makes the folder `path` and its parents.
  package static func create(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw CacheFolder.notWritable(path)
    }
  }

  /// Writes a file, and makes its parent folders.
  package static func write(
    _ bytes: [UInt8], to path: String, isExecutable: Bool = false
  ) throws(Failure) {
    let url = URL(filePath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      if isExecutable {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
      }
    } catch {
      throw CacheFolder.notWritable(path)
    }
  }
}
