// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subjects

/// The mirror from which this machine gets Debian's packages. The program has no mirror of its own.
struct DebianMirror: Hashable, Sendable {
  /// The base address of Debian's archive.
  let archive: String
  /// The base address of Debian's archive of security updates, if the machine uses it.
  let security: String?
  /// The path of the keyring to check indexes with; nil means apt's own keyrings.
  let keyring: String?

  /// The mirror that the files below `root` name (`etc/apt`, `etc/os-release`); throws if they name none.
  static func find(root: String) throws(GuestError) -> DebianMirror {
    let sources = sources(root: root).compactMap { source in
      resolved(source, root: root)
    }
    let release = fields(of: "\(root)/etc/os-release")
    let isDebian = release["ID"] == "debian"
    func isCalled(_ name: String, _ source: PackageSource) -> Bool {
      source.uri.split(separator: "/").last.map(String.init) == name
    }
    // Archives of other vendors can also lie below a folder "debian", and have suites with the same names.
    // Debian's own archive has the component "main", and on a Debian machine it has the machine's own suite.
    let candidates = sources.filter {
      $0.components.contains("main") && !$0.suites.contains { $0.hasSuffix("-security") }
    }
    let ofThisSuite = candidates.filter {
      isDebian && release["VERSION_CODENAME"].map($0.suites.contains) == true
    }
    guard
      let archive = ofThisSuite.first(where: { isCalled("debian", $0) })
        ?? candidates.first(where: { isCalled("debian", $0) }) ?? ofThisSuite.first
    else {
      throw GuestError(
        message: "this machine's apt sources name no mirror of Debian",
        advice: "run on a Debian system, or add a source of Debian to /etc/apt/sources.list.d",
        isAboutMissing: true)
    }
    let security = sources.first {
      isCalled("debian-security", $0) && $0.components.contains("main")
    }
    return DebianMirror(
      archive: archive.uri, security: security?.uri,
      keyring: keyring(root: root) ?? archive.keyring)
  }

  /// The keyring for all of Debian's suites; a source's own keyring may be for one suite only.
  private static func keyring(root: String) -> String? {
    ["gpg", "pgp"].map { "\(root)/usr/share/keyrings/debian-archive-keyring.\($0)" }
      .first { InputFile.kind(of: $0) == .regular }
  }

  private static func sources(root: String) -> [PackageSource] {
    let folder = "\(root)/etc/apt/sources.list.d"
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    var found = PackageSource.parse(lines: text(of: "\(root)/etc/apt/sources.list"))
    for name in names {
      if name.hasSuffix(".list") {
        found += PackageSource.parse(lines: text(of: "\(folder)/\(name)"))
      } else if name.hasSuffix(".sources") {
        found += PackageSource.parse(paragraphs: text(of: "\(folder)/\(name)"))
      }
    }
    return found
  }

  /// The source itself, or with the first mirror of the list that it names (apt-transport-mirror(1)), as in
  /// Debian's cloud images; nil where apt would need more than an address.
  private static func resolved(_ source: PackageSource, root: String) -> PackageSource? {
    let schemes = ["http://", "https://", "file:/"]
    if schemes.contains(where: source.uri.hasPrefix) { return source }
    let marker = "mirror+file:"
    guard source.uri.hasPrefix(marker) else { return nil }
    let path = "/" + source.uri.dropFirst(marker.count).drop { $0 == "/" }
    let addresses = text(of: "\(root)\(path)").split { $0.isWhitespace || $0.isNewline }
    guard let address = addresses.first(where: { word in schemes.contains { word.hasPrefix($0) } })
    else { return nil }
    var source = source
    source.uri = String(address.reversed().drop { $0 == "/" }.reversed())
    return source
  }

  private static func text(of path: String) -> String {
    String(decoding: (try? InputFile.read(path, regularOnly: true)) ?? [], as: UTF8.self)
  }

  /// The assignments of a file such as os-release(5).
  private static func fields(of path: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text(of: path).split(whereSeparator: \.isNewline) {
      let pair = line.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      fields[String(pair[0])] = String(pair[1].filter { $0 != "\"" && $0 != "'" })
    }
    return fields
  }
}
