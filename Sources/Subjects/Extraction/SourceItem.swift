// SPDX-License-Identifier: GPL-2.0-only

/// One preprocessor conditional, from its `#if` to its `#endif`.
struct ConditionalGroup: Sendable {
  /// The `#if` and each `#elif` and `#else` so far, as offsets.
  var directives: [Range<Int>]
}

/// A branch of a conditional group, around an item.
struct ConditionalBranch: Sendable, Hashable {
  /// Index into the file's groups.
  let group: Int
  /// Index into the group's directives; the conditions of all before it are false here.
  let branch: Int
}

/// A definition at a file's top level.
struct SourceItem: Sendable {
  enum Kind: Sendable { case function, prototype, macro, declaration }

  let kind: Kind
  /// Offsets, from its first token to its last.
  let range: Range<Int>
  /// The defined names; tags are spelled "struct name", for unions and enumerations too.
  let names: [String]
  /// The conditionals around the item, outermost first.
  let chain: [ConditionalBranch]
  /// For a function: the offset of its body's brace.
  let body: Int?
  /// Whether a directive occurs between its start and its body.
  let hasDirectiveInHeader: Bool
}

/// The top level of a parsed file.
struct ParsedFile: Sendable {
  let text: SplicedText
  var groups: [ConditionalGroup] = []
  var items: [SourceItem] = []
  /// Functions whose end was not found, with the offset of their start.
  var incomplete: [(name: String, offset: Int)] = []

  /// The indices of the items that define a name, by name.
  func definitions() -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for (index, item) in items.enumerated() where item.kind != .prototype {
      for name in item.names { result[name, default: []].append(index) }
    }
    return result
  }
}
