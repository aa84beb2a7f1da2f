// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Reports

private func scalar(_ text: String, _ line: Int) -> YAMLNode {
  YAMLNode(.scalar(text), line: line)
}

private func list(_ nodes: [YAMLNode], _ line: Int) -> YAMLNode {
  YAMLNode(.sequence(nodes), line: line)
}

private func mapping(_ members: [(YAMLNode, YAMLNode)], _ line: Int) -> YAMLNode {
  let members = members.map { YAMLNode.Member(key: $0.0, value: $0.1) }
  return YAMLNode(.mapping(YAMLNode.Mapping(members: members)), line: line)
}

@Suite("A YAML text")
struct YAMLNodeTests {
  @Test("is a tree of nodes, in the order of the text and with their lines")
  func tree() throws {
    let root = try YAMLNode.root(
      of: """
        b: 1
        a: # a comment
          - {c: "d"}
          - [e, 'f']
        ? [g]
        :
        """)
    let entries = list(
      [mapping([(scalar("c", 3), scalar("d", 3))], 3), list([scalar("e", 4), scalar("f", 4)], 4)],
      3)
    let members: [(YAMLNode, YAMLNode)] = [
      (scalar("b", 1), scalar("1", 1)), (scalar("a", 2), entries),
      (list([scalar("g", 5)], 5), scalar("", 6)),
    ]
    #expect(root == mapping(members, 1))
    guard case .mapping(let found)? = root?.content else {
      Issue.record("it is no mapping")
      return
    }
    #expect(found["b"] == scalar("1", 1))
    #expect(found["a"] == entries)
    #expect(found["a"]?.scalar == nil)
    #expect(found["g"] == nil)
  }

  @Test(
    "has scalars without quotes, escapes and comments",
    arguments: [
      ("plain words # a comment", "plain words"), ("'it''s'", "it's"), ("R & D", "R & D"),
      ("\"a\\tb\\u00e9\\0\"", "a\tbé\0"), ("a\nb\n\nc", "a b\nc"), ("|\n  a\n   b\n", "a\n b\n"),
      (">-\n  a\n  b\n", "a b"), ("!!int 'x'", "x"), ("~", "~"), ("🐧", "🐧"), ("a*b", "a*b"),
    ] as [(String, String)])
  func scalars(text: String, value: String) throws {
    #expect(try YAMLNode.root(of: text) == scalar(value, 1))
  }

  @Test("may be empty", arguments: ["", "\n", "# a comment\n"])
  func empty(text: String) throws {
    #expect(try YAMLNode.root(of: text) == nil)
  }

  @Test(
    "is refused if it is malformed, too large or too deep",
    arguments: [
      ("a: [\n", .malformed(line: 2, "did not find expected node content")),
      ("a: 1\nb: *x", .malformed(line: 2, "found undefined alias")),
      ("a: 1\n---\nb: 2", .malformed(line: 2, "but found another document")),
      ("a: 1\nb: &x 1\nc: *x", .tooDeep(line: 2)), ("{\"a\":&x 1}", .tooDeep(line: 1)),
      (String(repeating: "[", count: 65), .tooDeep(line: 1)),
      (String(repeating: "- ", count: 65), .tooDeep(line: 1)),
      (String(repeating: "a", count: 1_048_577), .tooLarge),
      (String(repeating: "?\n", count: 524_288), .tooLarge),
      ("a: \u{1}", .unreadable), ("a: \0", .unreadable),
      ("a: 1\nb: 2\n'b': 3\na: 4", .twice(["a", "b"], line: 1)),
      ("c: 1\na: {x: 1, \"x\": 2}\nc: 2", .twice(["x"], line: 2)),
    ] as [(String, YAMLProblem)])
  func refused(text: String, problem: YAMLProblem) {
    let found = #expect(throws: YAMLProblem.self) { try YAMLNode.root(of: text) }
    #expect(found == problem)
  }

  @Test("nests up to the limit, and has keys of any kind")
  func limits() throws {
    let brackets = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(try YAMLNode.root(of: brackets) != nil)
    let key = list([scalar("a", 1)], 1)
    let twice = list([scalar("a", 2)], 2)
    #expect(
      try YAMLNode.root(of: "[a]: 1\n[a]: 2")
        == mapping([(key, scalar("1", 1)), (twice, scalar("2", 2))], 1))
  }
}
