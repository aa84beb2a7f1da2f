// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A Debian package with the sources of a kernel, fetched once into the user's cache.
///
/// The cache has one folder for each version: the parts of the tree that are read, `VERSION`, and a marker
/// that is written last. The folder gets its name only when it is complete, so that an interrupted or a
/// parallel run leaves nothing incomplete behind.
struct DebianPackage {
  let name: String
  let cache: CacheFolder
  let tools: Tools
  /// Whether the tree must have the files for judging a series.
  var isForSeries = false
  let progress: @Sendable (String) -> Void

  /// The marker of a complete folder.
  private static let marker = "complete"
  /// The second marker of a complete folder that also has the files for judging a series. Older versions of
  /// the program did not keep these.
  private static let seriesMarker = "complete-2"
  private static let stagingPrefix = TemporaryPlaces.fetching

  /// Whether `name` is valid for a package (Debian policy 5.6.1). Anything else could be an option.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count >= 2 else { return false }
    let isPlain: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
    return isPlain(first) && name.utf8.allSatisfy { isPlain($0) || "+-.".utf8.contains($0) }
  }

  /// The folder with the package's tree, and its version. Any version that was fetched before is good enough;
  /// then neither apt nor a network is needed.
  func tree() async throws(SubjectError) -> (folder: String, version: String) {
    let place = "debian/\(name)"
    if let found = cache.existing(place).flatMap(newest) { return found }
    let aptGet = try tools.locate("apt-get", advice: Self.noApt)
    let aptCache = try tools.locate("apt-cache", advice: Self.noApt)
    let dpkgDeb = try tools.locate("dpkg-deb", advice: Self.noApt)
    let candidate = try await candidate(aptCache)
    let folder = try cache.subfolder(place)
    let lock = try await FileLock.acquire("\(folder)/lock") {
      progress("waiting for another run that fetches \(name)")
    }
    defer { withExtendedLifetime(lock) {} }
    if let found = newest(folder) { return found }
    removeLeftovers(folder)
    let staging = try ScratchFolder(in: folder, prefix: Self.stagingPrefix)
    defer { staging.remove() }
    progress("downloading \(name) (\(candidate.megabytes) MB)")
    let package = try await download(aptGet, candidate: candidate, into: staging.path)
    progress("unpacking \(name) \(candidate.version)")
    let tree = "\(staging.path)/tree"
    try await DebianUnpacker(name: name, tools: tools).unpack(package, dpkgDeb: dpkgDeb, into: tree)
    return try publish(tree, version: candidate.version, in: folder)
  }

  private static let noApt =
    "debian: needs a Debian system; elsewhere give a kernel tree or tarball instead"

  /// The most recently fetched version among the complete ones in `folder`.
  private func newest(_ folder: String) -> (folder: String, version: String)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let whole = names.compactMap { name -> (path: String, date: Date)? in
      let path = "\(folder)/\(name)"
      let marker = isForSeries ? Self.seriesMarker : Self.marker
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(marker)")
      guard !name.hasPrefix("."), let date = attributes?[.modificationDate] as? Date else {
        return nil
      }
      return (path, date)
    }
    guard let path = whole.max(by: { ($0.date, $0.path) < ($1.date, $1.path) })?.path,
      let version = try? InputFile.read("\(path)/VERSION", regularOnly: true)
    else { return nil }
    return (path, String(decoding: version, as: UTF8.self).trimmed())
  }

  private struct Candidate {
    let version: String
    let megabytes: Int
  }

  /// The version that apt would fetch.
  private func candidate(_ aptCache: String) async throws(SubjectError) -> Candidate {
    let outcome = try await tools.run(aptCache, ["show", "--no-all-versions", "--", name])
    func field(_ key: String) -> String? {
      let line = outcome.text.split(separator: "\n").first { $0.hasPrefix("\(key): ") }
      return line.map { String($0.dropFirst(key.count + 2)).trimmed() }
    }
    guard outcome.status.isSuccess, let version = field("Version"), let size = field("Size"),
      let bytes = Int(size)
    else {
      throw SubjectError(
        message: "apt does not know the package \(name)",
        advice: "run apt-get update as root, or see apt-cache search linux-source")
    }
    return Candidate(version: version, megabytes: (bytes + 500_000) / 1_000_000)
  }

  private func download(
    _ aptGet: String, candidate: Candidate, into folder: String
  ) async throws(SubjectError) -> String {
    let outcome = try await tools.run(
      aptGet, ["download", "-q", "--", "\(name)=\(candidate.version)"], folder: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    if outcome.status.isSuccess, let file = names.first(where: { $0.hasSuffix(".deb") }) {
      return "\(folder)/\(file)"
    }
    throw Self.downloadFailure(name, outcome.errors)
  }

  /// Reports apt's own message in one line, with advice.
  static func downloadFailure(_ name: String, _ errors: String) -> SubjectError {
    let lines = errors.split(whereSeparator: \.isNewline).map { String($0).trimmed() }
    let said = lines.first { $0.hasPrefix("E: ") }.map { String($0.dropFirst(3)) }
    let message = "\(name) could not be downloaded: \(said ?? Tools.firstLine(of: errors))"
    let advice =
      if errors.contains("404") || errors.contains("was not found") {
        "the package lists are out of date: run apt-get update as root"
      } else if errors.contains("No space left") || errors.contains("enough free space") {
        "make room or set MHPCHECK_CACHE to a folder on another disk"
      } else {
        "check the network and the proxy settings, or give a kernel tree or tarball instead"
      }
    return SubjectError(message: message, advice: advice)
  }

  /// Removes the remains of a killed run. This run holds the lock, so no other works there.
  private func removeLeftovers(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasPrefix(Self.stagingPrefix) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  private func publish(
    _ tree: String, version: String, in folder: String
  ) throws(SubjectError) -> (folder: String, version: String) {
    // A version's epoch has a colon, which search paths cannot contain.
    let target = "\(folder)/\(version.replacing(":", with: "%3a"))"
    do {
      try Data("\(version)\n".utf8).write(to: URL(filePath: "\(tree)/VERSION"))
      for marker in [Self.seriesMarker, Self.marker] {
        try Data().write(to: URL(filePath: "\(tree)/\(marker)"))
      }
      try? FileManager.default.removeItem(atPath: target)
      try FileManager.default.moveItem(atPath: tree, toPath: target)
    } catch {
      throw CacheFolder.notWritable(target)
    }
    return (target, version)
  }
}
