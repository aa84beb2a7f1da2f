// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Machine
@testable import Oracle
@testable import Port

/// A patch of `patches/defects`: one deliberate slip on top of the reference, and the expected findings.
///
/// The end of its commit message lists the expectations, one `Defect-Name: value` line each.
struct DefectPatch: Sendable, CustomTestStringConvertible {
  /// One line that names the patch and the error in its header.
  struct HeaderError: Error, Equatable, CustomStringConvertible {
    var patch: String
    var complaint: String
    var description: String { "\(patch): \(complaint)" }
  }

  /// The file's name without its extension.
  var name: String
  /// The whole file.
  var text: String
  /// Defect-Class: the number of the class of defects.
  var number: Int
  /// Defect-Function: the functions to which the report must attribute the differences.
  var functions: [String]
  /// Defect-Modes: the paging modes in which it differs; in others it must not differ.
  var modes: [String]
  /// Defect-Rule: the oracle rule that detects it without the port; nil for "none".
  var rule: String?
  /// Defect-Instance: the kernel that had the defect, or "none known".
  var instance: String
  /// Defect-Missing-Fix: the upstream fix that the patch undoes, if it does nothing else.
  var missingFix: String?

  var testDescription: String { name }

  /// Reads a patch; throws the first error in its header.
  init(name: String, text: String) throws(HeaderError) {
    func complaint(_ text: String) -> HeaderError { HeaderError(patch: name, complaint: text) }
    guard let end = text.firstRange(of: "\n---\n") else {
      throw complaint("no message before a patch")
    }
    var values: [String: String] = [:]
    for line in text[..<end.lowerBound].split(separator: "\n") where line.hasPrefix("Defect-") {
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.lineNames.contains(parts[0]) else {
        throw complaint("\"\(line)\" is no header line")
      }
      guard values.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw complaint("\(parts[0]) stands there twice")
      }
    }
    func value(_ name: String) throws(HeaderError) -> String {
      guard let value = values[name] else { throw complaint("no \(name)") }
      return value
    }
    func words(
      _ name: String, among known: [String]
    ) throws(HeaderError) -> [String] {
      let words = try value(name).split(separator: " ").map(String.init)
      guard !words.isEmpty, Set(words).count == words.count, words.allSatisfy(known.contains) else {
        throw complaint("\(name) is not what it should be")
      }
      return words
    }
    guard let number = Int(try value("Defect-Class")), Self.classes.contains(number) else {
      throw complaint("Defect-Class is no class that concerns the surface")
    }
    self.name = name
    self.text = text
    self.number = number
    functions = try words("Defect-Function", among: KernelFunction.allCases.map(\.name))
    modes = try words("Defect-Modes", among: EditFile.knownModes.sorted())
    let rule = try value("Defect-Rule")
    guard rule == "none" || OracleRule(rawValue: rule) != nil else {
      throw complaint("Defect-Rule is no rule of the oracle")
    }
    self.rule = rule == "none" ? nil : rule
    instance = try value("Defect-Instance")
    missingFix = values["Defect-Missing-Fix"]
  }

  private static let lineNames: Set = [
    "Defect-Class", "Defect-Function", "Defect-Modes", "Defect-Rule", "Defect-Instance",
    "Defect-Missing-Fix",
  ]

  /// The numbers of the classes with a patch: all but 37, whose fence is in no judged function, and 50, which
  /// is upstream's own behaviour.
  static let classes = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 51, 52,
  ]
}

extension DefectPatch {
  private static let folder = Repository.root.appending(path: "patches")

  /// The text of a file below `patches/`.
  static func file(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// The patches that make the reference, concatenated.
  static func reference() throws -> String {
    try file("series").split(separator: "\n").map { try file(String($0)) }.joined()
  }

  /// The names of the files in `patches/defects`, sorted.
  static func names() -> [String] {
    let entries =
      (try? FileManager.default.contentsOfDirectory(
        atPath: folder.appending(path: "defects").path)) ?? []
    return entries.filter { $0.hasSuffix(".patch") }.map { String($0.dropLast(6)) }.sorted()
  }

  /// Reads one patch of `patches/defects`.
  static func read(_ name: String) throws -> DefectPatch {
    try DefectPatch(name: name, text: try file("defects/\(name).patch"))
  }

  /// All patches of `patches/defects`. This list omits an unreadable patch, and the test that reads every
  /// patch fails.
  static func all() -> [DefectPatch] { names().compactMap { try? read($0) } }
}
