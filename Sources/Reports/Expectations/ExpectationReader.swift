// SPDX-License-Identifier: GPL-2.0-only

import Yams

/// Reads a file of expectations. Its errors name the line.
struct ExpectationReader {
  let name: String

  /// The maximum size of a file, in bytes.
  static let mostBytes = 1 << 20
  /// The maximum nesting of brackets; a line may have four times as many dashes, question marks and colons. A
  /// file of expectations nests at most two levels.
  private static let mostNested = 64

  private static let subjects = ["missing", "beyond", "absent", "difference", "hazard"]

  func expectations(in text: String) throws(ExpectationError) -> [Expectation] {
    guard text.utf8.count <= Self.mostBytes else {
      throw ExpectationError("\(name) is too large for a file of expectations")
    }
    let root = try document(text)
    guard case .mapping(let members) = root else {
      throw complaint(root, "a file of expectations has the members schema and expected")
    }
    try check(members, known: ["schema", "expected"])
    guard let schema = members["schema"]?.scalar?.string, schema == ExpectationFile.schema else {
      throw complaint(members["schema"] ?? root, "schema has to be \(ExpectationFile.schema)")
    }
    guard let expected = members["expected"] else {
      throw complaint(root, "expected is missing; a list, which may be empty: []")
    }
    if expected.scalar?.string.isEmpty ?? false { return [] }
    guard case .sequence(let entries) = expected else {
      throw complaint(expected, "expected is a list")
    }
    guard entries.isEmpty || entries.style != .flow else {
      throw complaint(expected, "write each expectation in lines of its own, after a dash")
    }
    var result: [Expectation] = []
    for entry in entries { result.append(try expectation(entry)) }
    return result
  }

  private func document(_ text: String) throws(ExpectationError) -> Node {
    guard Self.isShallow(text) else {
      throw ExpectationError(
        "\(name): too many lists in one another, or anchors, which are not read")
    }
    do {
      guard let node = try compose(yaml: text) else {
        throw ExpectationError("\(name) is empty; --update-expectations writes it")
      }
      return node
    } catch let error as ExpectationError {
      throw error
    } catch let error as YamlError {
      throw ExpectationError(Self.text(error, name: name))
    } catch {
      throw ExpectationError("\(name) cannot be read as YAML")
    }
  }

  /// Whether the library can read a text in little time and stack. The library recurses into lists, and the
  /// expansion of anchors can be exponential in their number.
  private static func isShallow(_ text: String) -> Bool {
    var depth = 0
    var dashes = 0
    var last = UInt8(ascii: "\n")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): dashes += 1
      case UInt8(ascii: "\n"): dashes = 0
      default: break
      }
      let isAtStart = " \t\n\r[{,".utf8.contains(last)
      guard depth <= mostNested, dashes <= 4 * mostNested,
        byte != UInt8(ascii: "&") || !isAtStart
      else { return false }
      last = byte
    }
    return true
  }

  private static func text(_ error: YamlError, name: String) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "\(name):\(mark.line): \(problem); patterns with * stand in quotes"
    case .duplicatedKeysInMapping(let duplicates, let context):
      "\(name):\(context.mark.line): the same member twice: "
        + duplicates.sorted().joined(separator: ", ")
    default: "\(name) cannot be read as YAML"
    }
  }

  private func expectation(_ node: Node) throws(ExpectationError) -> Expectation {
    guard case .mapping(let members) = node else {
      throw complaint(node, "an expectation has a member \(Self.subjects.joined(separator: ", "))")
    }
    var named: [(key: String, value: String)] = []
    for key in Self.subjects {
      if let value = try text(of: key, in: members) { named.append((key, value)) }
    }
    guard named.count == 1, let (key, value) = named.first else {
      throw complaint(
        node, "an expectation has one of the members \(Self.subjects.joined(separator: ", "))")
    }
    let patterns =
      switch key {
      case "difference": ["mode", "kind", "rule"]
      case "hazard": ["mode", "rule"]
      default: [String]()
      }
    try check(members, known: [key, "reason"] + patterns)
    guard let reason = try text(of: "reason", in: members) else {
      throw complaint(node, "it has no reason; say why \(value) is known")
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
      subject, mode: try text(of: "mode", in: members) ?? "*",
      kind: try text(of: "kind", in: members) ?? "*",
      rule: try text(of: "rule", in: members) ?? "*", reason: reason,
      line: node.mark?.line ?? 0)
  }

  /// The text of a member; nil when there is none. Throws when the member is not a text, or blank.
  private func text(
    of key: String, in members: Node.Mapping
  ) throws(ExpectationError) -> String? {
    guard let node = members[Node(key)] else { return nil }
    guard let text = node.scalar?.string, !text.allSatisfy(\.isWhitespace) else {
      throw complaint(node, "\(key) is a text")
    }
    return text
  }

  private func check(_ members: Node.Mapping, known: [String]) throws(ExpectationError) {
    for (key, _) in members where !known.contains(key.scalar?.string ?? "") {
      throw complaint(
        key,
        "there is no member \(key.scalar?.string ?? "of that kind") here; there are "
          + known.joined(separator: ", "))
    }
  }

  private func complaint(_ node: Node, _ message: String) -> ExpectationError {
    ExpectationError("\(name):\(node.mark?.line ?? 1): \(message)")
  }
}
