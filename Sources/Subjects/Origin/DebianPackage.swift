// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A Debian package with the sources of a kernel, fetched once into the user's cache.
///
/// The cache has one folder for each version, with the parts of the tree that are read.
struct DebianPackage {
  let name: String
  let cache: CacheFolder
  let tools: Tools
  /// Whether the tree must have the files for judging a series.
  var isForSeries = false
  let progress: @Sendable (String) -> Void

  /// Whether `name` is valid for a package (Debian policy 5.6.1). Anything else could be an option.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count >= 2 else { return false }
    let isPlain: (UInt8) -> Bool = { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) }
    return isPlain(first) && name.utf8.allSatisfy { isPlain($0) || "+-.".utf8.contains($0) }
  }

  /// The folder with the package's tree; its label is the version. Any version that was fetched before is good
  /// enough; then neither apt nor a network is needed.
  func tree() async throws(Failure) -> VersionedFolder.Entry {
    // Older versions of the program did not keep the files for judging a series, and wrote the first marker only.
    let markers = ["complete", "complete-2"]
    let versions = VersionedFolder(
      cache: cache, place: "debian/\(name)", markers: isForSeries ? markers.reversed() : markers)
    if let entry = versions.newest() { return entry }
    let apt = try Apt(tools: tools, advice: Self.advice)
    let dpkgDeb = try Self.advice.locate("dpkg-deb", tools)
    let file = try await file(apt)
    return try await versions.make(
      waiting: { progress("waiting for another run that fetches \(name)") },
      found: { versions.newest() },
      fill: { (tree, scratch) async throws(Failure) in
        progress("downloading \(name) (\(Apt.megabytes(file.bytes)))")
        let package = try await apt.download([file], into: scratch)[0]
        progress("unpacking \(name) \(file.version)")
        try await DebianUnpacker(name: name, tools: tools).unpack(
          package, dpkgDeb: dpkgDeb, into: tree)
        return (file.version, file.version)
      })
  }

  static let advice = Apt.Advice(
    missing: "debian: needs a Debian system; elsewhere give a kernel tree or tarball instead",
    outdated: "the package lists are out of date: run apt-get update as root",
    unreachable:
      "check the network and the proxy settings, or give a kernel tree or tarball instead")

  /// The file that apt would fetch.
  private func file(_ apt: Apt) async throws(Failure) -> Apt.File {
    do {
      let files = try await apt.files(of: ["download", "--", name], first: name, else: name)
      if let file = files.first { return file }
    } catch {
      guard error.isAboutMissing else { throw error }
    }
    throw Failure(
      .unreadable, "apt does not know the package \(name)",
      advice: "run apt-get update as root, or see apt-cache search linux-source")
  }
}
