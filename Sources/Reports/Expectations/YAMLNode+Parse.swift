// SPDX-License-Identifier: GPL-2.0-only

import CYAML

extension YAMLNode {
  /// The root of a text's only document; nil if the text has none.
  static func root(of text: String) throws(YAMLProblem) -> YAMLNode? {
    var flat = try FlatYAML(text)
    guard !flat.isEmpty else { return nil }
    return try flat.take()
  }
}

/// The nodes of a text in the order of `mhp_yaml_parse`: each node before its children.
private struct FlatYAML {
  private let nodes: [mhp_yaml_node]
  /// The texts of all scalars.
  private let bytes: [UInt8]
  private var next = 0

  var isEmpty: Bool { nodes.isEmpty }

  /// Parses a text.
  ///
  /// All unsafe pointers to YAML are in this function. `mhp_yaml_parse` reads `input` and keeps no pointer to it.
  /// It gives `node_count` nodes and `byte_count` bytes, or NULL for none of them; they live until
  /// `mhp_yaml_free`, and are copied before that. What it says of a problem is a literal.
  init(_ text: String) throws(YAMLProblem) {
    let input = Array(text.utf8)
    var document = mhp_yaml()
    mhp_yaml_parse(input, input.count, &document)
    defer { mhp_yaml_free(&document) }
    switch document.status {
    case MHP_YAML_READ: break
    case MHP_YAML_MALFORMED:
      let words: UnsafePointer<CChar>? = document.problem
      throw YAMLProblem.malformed(
        line: Int(document.line), words.map { String(cString: $0) } ?? "")
    case MHP_YAML_TOO_LARGE: throw YAMLProblem.tooLarge
    case MHP_YAML_REFUSED: throw YAMLProblem.tooDeep(line: Int(document.line))
    default: throw YAMLProblem.unreadable
    }
    nodes = Array(
      UnsafeMutableBufferPointer(start: document.nodes, count: Int(document.node_count)))
    bytes = Array(
      UnsafeMutableBufferPointer(start: document.bytes, count: Int(document.byte_count)))
  }

  /// Takes the next node with all of its children. The C side limits the depth to `MHP_YAML_MOST_DEPTH`.
  mutating func take() throws(YAMLProblem) -> YAMLNode {
    let node = nodes[next]
    next += 1
    let line = Int(node.line)
    switch node.kind {
    case MHP_YAML_SEQUENCE:
      var elements: [YAMLNode] = []
      for _ in 0..<Int(node.count) { elements.append(try take()) }
      return YAMLNode(.sequence(elements), line: line)
    case MHP_YAML_MAPPING:
      var members: [YAMLNode.Member] = []
      for _ in 0..<Int(node.count) / 2 {
        let key = try take()
        let value = try take()
        members.append(YAMLNode.Member(key: key, value: value))
      }
      try Self.checkNames(of: members)
      return YAMLNode(.mapping(YAMLNode.Mapping(members: members)), line: line)
    default:
      let start = Int(node.offset)
      let text = String(decoding: bytes[start..<start + Int(node.length)], as: UTF8.self)
      return YAMLNode(.scalar(text), line: line)
    }
  }

  /// Throws if two members have the same name. Keys that are no scalars have none.
  private static func checkNames(of members: [YAMLNode.Member]) throws(YAMLProblem) {
    var lines: [String: Int] = [:]
    var twice: [String: Int] = [:]
    for member in members {
      guard let name = member.key.scalar else { continue }
      if let line = lines[name] {
        twice[name] = line
      } else {
        lines[name] = member.key.line
      }
    }
    let names = twice.keys.sorted()
    guard let first = names.first, let line = twice[first] else { return }
    throw YAMLProblem.twice(names, line: line)
  }
}
