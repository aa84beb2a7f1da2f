// SPDX-License-Identifier: GPL-2.0-only

/// A source of packages, as apt's configuration names it (sources.list(5)).
struct PackageSource: Hashable, Sendable {
  /// The base address of the archive, without a slash at its end.
  var uri: String
  /// The suites, e.g. "trixie", "trixie-updates".
  var suites: [String]
  /// The components, e.g. "main".
  var components: [String]
  /// The path of the keyring for its index, if the source names one by path.
  var keyring: String?

  /// The sources of binary packages in the older format, one per line.
  static func parse(lines text: String) -> [PackageSource] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      var rest = line.prefix { $0 != "#" }
      guard let type = word(&rest), type == "deb" else { return nil }
      rest = rest.drop(while: isBlank)
      var keyring: String?
      if rest.first == "[" {
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let options = rest[rest.index(after: rest.startIndex)..<end].split(whereSeparator: isBlank)
        keyring = options.first { $0.hasPrefix("signed-by=/") }.map { String($0.dropFirst(10)) }
        rest = rest[rest.index(after: end)...]
      }
      guard let uri = word(&rest), let suite = word(&rest) else { return nil }
      return PackageSource(
        uri: withoutSlash(uri), suites: [suite],
        components: rest.split(whereSeparator: isBlank).map(String.init), keyring: keyring)
    }
  }

  /// The sources of binary packages in the newer format, one paragraph of fields each.
  static func parse(paragraphs text: String) -> [PackageSource] {
    var paragraphs: [[String: String]] = [[:]]
    var field: String?
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line.hasPrefix("#") { continue }
      guard let first = line.first(where: { !isBlank($0) }), first.isASCII else {
        paragraphs.append([:])
        field = nil
        continue
      }
      if line.first.map(isBlank) == true {
        if let field { paragraphs[paragraphs.count - 1][field, default: ""] += " \(line)" }
      } else if let colon = line.firstIndex(of: ":") {
        let name = line[..<colon].lowercased()
        paragraphs[paragraphs.count - 1][name] = String(line[line.index(after: colon)...])
        field = name
      }
    }
    return paragraphs.flatMap(sources)
  }

  private static func sources(of fields: [String: String]) -> [PackageSource] {
    func words(_ field: String) -> [String] {
      (fields[field] ?? "").split(whereSeparator: isBlank).map(String.init)
    }
    // apt takes these words as "no" (strutl.cc, StringToBool).
    let isOff = ["no", "false", "without", "off", "disable", "0"].contains(
      words("enabled").first?.lowercased())
    guard words("types").contains("deb"), !isOff else { return [] }
    let keyring = words("signed-by").first.flatMap { $0.hasPrefix("/") ? $0 : nil }
    return words("uris").map {
      PackageSource(
        uri: withoutSlash($0), suites: words("suites"), components: words("components"),
        keyring: keyring)
    }
  }

  private static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t"
  }

  private static func word(_ rest: inout Substring) -> String? {
    rest = rest.drop(while: isBlank)
    let word = rest.prefix { !isBlank($0) }
    rest = rest[word.endIndex...]
    return word.isEmpty ? nil : String(word)
  }

  private static func withoutSlash(_ uri: String) -> String {
    String(uri.reversed().drop { $0 == "/" }.reversed())
  }
}
