// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// The mirror from which this machine gets Debian's packages. The program has no mirror of its own.
struct DebianMirror: Hashable, Sendable {
  /// The base address of Debian's archive.
  let archive: String
  /// The base address of Debian's archive of security updates, if the machine uses it.
  let security: String?
  /// The path of the keyring to check indexes with; nil means apt's own keyrings.
  let keyring: String?

  /// The mirror that apt's sources below `root` name; throws if they name none.
  static func find(root: String, tools: Tools) async throws(Failure) -> DebianMirror {
    let text = try await Apt(
      tools: tools, options: root.isEmpty ? [] : ["-o", "Dir=\(root)"], advice: PrivateApt.advice
    ).get(
      [
        "indextargets", "--no-release-info", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
        "Created-By: Packages",
      ], else: "this machine's apt sources cannot be read")
    let sources = text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      let isMain = words.count == 3 && words[2] == "main"
      return isMain ? address(words[0], root: root).map { (address: $0, suite: words[1]) } : nil
    }
    let release = Set(lines(of: "\(root)/etc/os-release"))
    // Archives of other vendors can also lie below a folder "debian", and have suites with the same names.
    // Debian's own archive has the component "main", and on a Debian machine it has the machine's own suite.
    let archives = sources.filter { !$0.suite.hasSuffix("-security") }
    let ofThisSuite = archives.filter {
      release.contains("ID=debian") && release.contains("VERSION_CODENAME=\($0.suite)")
    }
    guard
      let archive = (ofThisSuite + archives).first(where: { $0.address.hasSuffix("/debian") })
        ?? ofThisSuite.first
    else {
      throw Failure(
        .unreadable, "this machine's apt sources name no mirror of Debian",
        advice: "run on a Debian system, or add a source of Debian to /etc/apt/sources.list.d",
        isAboutMissing: true)
    }
    return DebianMirror(
      archive: archive.address,
      security: sources.map(\.address).first { $0.hasSuffix("/debian-security") },
      keyring: ["gpg", "pgp"].map { "\(root)/usr/share/keyrings/debian-archive-keyring.\($0)" }
        .first { InputFile.kind(of: $0) == .regular })
  }

  /// The lines of a suite in sources.list, and of the one that it builds on: "trixie-security" does not have
  /// all packages of "trixie".
  func sources(of suite: String) -> String {
    let additions = ["-security", "-updates", "-backports", "-proposed-updates"]
    let addition = additions.filter { suite.hasSuffix($0) }.max { $0.count < $1.count }
    let suites = addition.map { [suite, String(suite.dropLast($0.count))] } ?? [suite]
    let key = keyring.map { " signed-by=\($0)" } ?? ""
    return suites.map { name in
      let address = name.hasSuffix("-security") ? security ?? archive : archive
      return "deb [arch=riscv64\(key)] \(address) \(name) main\n"
    }.joined()
  }

  /// The address itself, or the first of the list of mirrors that it names (apt-transport-mirror(1)), as in
  /// Debian's cloud images; nil where apt would need more than an address.
  private static func address(_ text: String, root: String) -> String? {
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    let list = "mirror+file:"
    if text.hasPrefix(list) {
      let words = lines(of: "\(root)/\(text.dropFirst(list.count))").lazy
        .compactMap { $0.split(whereSeparator: \.isWhitespace).first }
      return words.map(String.init).compactMap { address($0, root: root) }.first
    }
    return ["http://", "https://", "file:/"].contains(where: text.hasPrefix) ? text : nil
  }

  /// The lines of a file, without quotes.
  private static func lines(of path: String) -> [String] {
    let bytes = (try? InputFile.read(path, regularOnly: true)) ?? []
    return String(decoding: bytes, as: UTF8.self).filter { $0 != "\"" && $0 != "'" }
      .split(whereSeparator: \.isNewline).map(String.init)
  }
}
