// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads a file of expectations. Its errors name the line.
struct ExpectationReader {
  private let yaml: YAMLReader

  init(name: String) { yaml = YAMLReader(name: name) }

  private static let subjects = ["missing", "beyond", "absent", "difference", "hazard"]

  func expectations(in text: String) throws(Failure) -> [Expectation] {
    guard let root = try yaml.document(text) else {
      throw Failure(.unreadable, "\(yaml.name) is empty; --update-expectations writes it")
    }
    guard case .mapping(let members) = root.content else {
      throw yaml.complaint(root, "a file of expectations has the members schema and expected")
    }
    try yaml.check(members, known: ["schema", "expected"])
    guard let schema = members["schema"]?.scalar, schema == ExpectationFile.schema else {
      throw yaml.complaint(members["schema"] ?? root, "schema has to be \(ExpectationFile.schema)")
    }
    guard let expected = members["expected"] else {
      throw yaml.complaint(root, "expected is missing; a list, which may be empty: []")
    }
    if expected.scalar?.isEmpty ?? false { return [] }
    guard case .sequence(let entries) = expected.content else {
      throw yaml.complaint(expected, "expected is a list")
    }
    var result: [Expectation] = []
    for entry in entries { result.append(try expectation(entry)) }
    return result
  }

  private func expectation(_ node: YAMLNode) throws(Failure) -> Expectation {
    guard case .mapping(let members) = node.content else {
      throw yaml.complaint(
        node, "an expectation has one of the members \(Self.subjects.list)")
    }
    var named: [(key: String, value: String)] = []
    for key in Self.subjects {
      if let value = try yaml.text(of: key, in: members) { named.append((key, value)) }
    }
    guard named.count == 1, let (key, value) = named.first else {
      throw yaml.complaint(
        node, "an expectation has one of the members \(Self.subjects.list)")
    }
    let patterns =
      switch key {
      case "difference": ["mode", "kind", "rule"]
      case "hazard": ["mode", "rule"]
      default: [String]()
      }
    try yaml.check(members, known: [key, "reason"] + patterns)
    guard let reason = try yaml.text(of: "reason", in: members) else {
      throw yaml.complaint(node, "it has no reason; say why \(value) is known")
    }
    let subject: Expectation.Subject =
      switch key {
      case "missing": .missing(value)
      case "beyond": .beyond(value)
      case "absent": .absent(value)
      case "difference": .difference(value)
      default: .hazard(value)
      }
    return Expectation(
      subject, mode: try yaml.text(of: "mode", in: members) ?? "*",
      kind: try yaml.text(of: "kind", in: members) ?? "*",
      rule: try yaml.text(of: "rule", in: members) ?? "*", reason: reason,
      line: node.line)
  }
}
