// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// The names that the stub headers provide.
struct StubNames: Sendable {
  private let names: Set<String>
  /// The names that the body of each macro uses. If a subject redefines one of these, the macro changes.
  private let macroUses: [String: Set<String>]

  /// Reads every header below a folder; those for probes only if `withProbes`.
  ///
  /// - Throws: if the folder has none, or one cannot be read.
  init(folder: String, withProbes: Bool = false) throws(Failure) {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    let headers = paths.filter {
      $0.hasSuffix(".h") && (withProbes || !$0.hasPrefix("mhp/probe"))
    }.sorted()
    guard !headers.isEmpty else {
      throw Failure(
        .unreadable, "no stub headers in \(folder)",
        advice: "the program's resources are missing: reinstall it with its resource folder")
    }
    var names: Set<String> = []
    var macroUses: [String: Set<String>] = [:]
    for header in headers {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(header)") else {
        throw Failure(.unreadable, "the stub header \(folder)/\(header) cannot be read")
      }
      let contents = String(decoding: data, as: UTF8.self)
      let lines = contents.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      let file = SourceFile(
        path: header, displayName: header,
        lines: lines.enumerated().map {
          SourceLine(text: String($1), displayName: header, number: $0 + 1, isAdded: false)
        })
      let parsed = try ItemParser.parse(SplicedText(file), isStrict: true)
      let reader = UsedNames(parsed.text)
      for item in parsed.items {
        names.formUnion(item.names)
        guard item.kind == .macro else { continue }
        for name in item.names { macroUses[name, default: []].formUnion(reader.used(by: item)) }
      }
    }
    self.names = names
    self.macroUses = macroUses
  }

  func provides(_ name: String) -> Bool { names.contains(name) }

  /// The names that a macro uses; none if `name` is not a macro.
  func used(byMacro name: String) -> Set<String> { macroUses[name] ?? [] }
}
