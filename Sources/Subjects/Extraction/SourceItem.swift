// SPDX-License-Identifier: GPL-2.0-only

/// One preprocessor conditional, from its `#if` to its `#endif`.
struct ConditionalGroup: Sendable {
  /// The `#if` and each `#elif` and `#else` that was met, as offsets.
  var directives: [Range<Int>]
}

/// A branch of a conditional group that something stands in.
struct ConditionalBranch: Sendable, Hashable {
  /// Index into the file's groups.
  let group: Int
  /// Index into the group's directives; all before it are false here.
  let branch: Int
}

/// A definition at a file's top level.
struct SourceItem: Sendable {
  enum Kind: Sendable { case function, prototype, macro, declaration }

  let kind: Kind
  /// Offsets, from its first token to its last.
  let range: Range<Int>
  /// What it defines; tags are spelled "struct name", for unions and enumerations too.
  let names: [String]
  /// Outermost first.
  let chain: [ConditionalBranch]
  /// For a function: where its body's brace stands.
  let body: Int?
  /// Whether a directive stands between its start and its body.
  let hasDirectiveInHeader: Bool
}

/// What was found at the top level of a file.
struct ParsedFile: Sendable {
  let text: SplicedText
  var groups: [ConditionalGroup] = []
  var items: [SourceItem] = []
  /// Functions whose start was seen but not their end, with where they start.
  var incomplete: [(name: String, offset: Int)] = []

  /// The items that define a name, by their index.
  func definitions() -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for (index, item) in items.enumerated() where item.kind != .prototype {
      for name in item.names { result[name, default: []].append(index) }
    }
    return result
  }
}
