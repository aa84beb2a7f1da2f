// SPDX-License-Identifier: GPL-2.0-only

/// A node of a YAML document. Neither its tag nor the style that it is written in matters to a file of ours.
struct YAMLNode: Sendable, Equatable {
  /// What a node is.
  enum Content: Sendable, Equatable {
    /// A text, with quotes, escapes and folded lines resolved.
    case scalar(String)
    case sequence([YAMLNode])
    case mapping(Mapping)
  }

  /// The members of a mapping, in their order; no two have the same name.
  struct Mapping: Sendable, Equatable {
    let members: [Member]

    /// The value of the member with a name; nil if there is none.
    subscript(name: String) -> YAMLNode? {
      members.first(where: { $0.key.scalar == name })?.value
    }
  }

  /// A member of a mapping. Its key may be any node.
  struct Member: Sendable, Equatable {
    let key: YAMLNode
    let value: YAMLNode
  }

  let content: Content
  /// The line that it starts in, from 1.
  let line: Int

  init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }

  /// The text of a scalar; nil if it is none.
  var scalar: String? {
    guard case .scalar(let text) = content else { return nil }
    return text
  }
}

/// Why a text is refused before its members are looked at.
enum YAMLProblem: Error, Equatable {
  /// The text breaks the grammar, or has two documents; with the words of the parser.
  case malformed(line: Int, String)
  /// A mapping has members of the same name, first in this line.
  case twice([String], line: Int)
  /// A character that YAML forbids.
  case unreadable
  case tooLarge
  /// More levels than any file of ours has, or an anchor.
  case tooDeep(line: Int)
}
