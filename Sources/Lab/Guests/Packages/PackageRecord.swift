// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// A package in apt's indexes.
struct PackageRecord: Hashable, Sendable {
  let name: String
  let version: String
  /// "riscv64" or "all"; nil where only one is possible.
  var architecture: String?
  /// The size of the package's file in bytes.
  let bytes: Int
  /// The names of the packages that it depends on.
  var depends: [String] = []

  /// The argument that makes apt-get take this package and no other.
  var argument: String {
    let qualifier = architecture.map { $0 == "all" ? "" : ":\($0)" } ?? ""
    return "\(name)\(qualifier)=\(version)"
  }

  /// The first record in the output of `apt-cache show`; nil if there is none, or if it must not go on a
  /// command line.
  static func parse(shown text: String) -> PackageRecord? {
    var fields: [String: String] = [:]
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.isEmpty { if fields.isEmpty { continue } else { break } }
      guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { continue }
      fields[String(line[..<colon])] =
        line[line.index(after: colon)...].filter { $0 != "\r" }
        .drop { $0 == " " }.description
    }
    guard let name = fields["Package"], let version = fields["Version"],
      let bytes = fields["Size"].flatMap({ Int($0) }), bytes >= 0, isName(name), isVersion(version)
    else { return nil }
    let depends = (fields["Depends"] ?? "").split(separator: ",").compactMap { one -> String? in
      // apt takes the first of several alternatives.
      let name = one.drop { $0 == " " }.prefix { $0 != " " && $0 != ":" && $0 != "|" }
      return isName(String(name)) ? String(name) : nil
    }
    return PackageRecord(name: name, version: version, bytes: bytes, depends: depends)
  }

  /// The files in the output of `apt-get --print-uris`: an address in quotes, the file's name, its size.
  static func parse(uris text: String) -> [PackageRecord] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      guard line.first == "'" else { return nil }
      let words = line.split(separator: " ")
      guard words.count >= 3, words[1].hasSuffix(".deb"), let bytes = Int(words[2]) else {
        return nil
      }
      let parts = words[1].dropLast(4).split(separator: "_").map(String.init)
      guard parts.count == 3 else { return nil }
      let version = parts[1].replacing("%3a", with: ":")
      guard isName(parts[0]), isVersion(version), isName(parts[2]) else { return nil }
      return PackageRecord(
        name: parts[0], version: version, architecture: parts[2], bytes: bytes)
    }
  }

  /// Whether `name` can be a package's name (Debian policy 5.6.1); any other text could be an option.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count >= 2 else { return false }
    return isPlain(first) && name.utf8.allSatisfy { isPlain($0) || "+-.".utf8.contains($0) }
  }

  /// Whether `version` can be a package's version (Debian policy 5.6.12).
  static func isVersion(_ version: String) -> Bool {
    let isLetter: (UInt8) -> Bool = { (0x41...0x5a).contains($0) }
    return version.utf8.first.map { (0x30...0x39).contains($0) } == true
      && version.utf8.allSatisfy { isPlain($0) || isLetter($0) || "+-.:~".utf8.contains($0) }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
  }

  /// A size for users, e.g. "112 MB", "0.9 MB".
  static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 50_000) / 100_000
    return tenths >= 100 ? "\((tenths + 5) / 10) MB" : "\(tenths / 10).\(tenths % 10) MB"
  }
}
