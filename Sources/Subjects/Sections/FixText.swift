// SPDX-License-Identifier: GPL-2.0-only

/// What a subject's text shows of the later fixes, for functions that cannot be run, as when a patch
/// shows some of them and not those that they call.
public struct FixText: Sendable {
  /// A function and whether its text has the fix.
  public struct Sign: Sendable, Hashable {
    /// The C name.
    public let function: String
    /// "FILE:LINE" of the name.
    public let place: String
    /// Whether the fix is there.
    public let isThere: Bool
  }

  /// 21f1b85c8912: whether the destructor of `free_pmd_table` hangs on a parameter.
  public let destructor: [Sign]
  /// a0188cc13369: whether `remove_pud_mapping` and `remove_p4d_mapping` index only levels that are not
  /// folded.
  public let folding: [Sign]

  /// Reads the subject's main file.
  public init(_ subject: SubjectText) {
    guard
      let file = subject.files.first(where: { $0.path == KernelPath.main }) ?? subject.files.first,
      let parsed = try? ItemParser.parse(
        SplicedText(file, isFragment: subject.isFragment), isStrict: false)
    else {
      (destructor, folding) = ([], [])
      return
    }
    destructor = Self.sign("free_pmd_table", in: parsed) { words, parameters in
      let flags = parameters.filter { $0.pointers == 0 }.compactMap(\.name)
      guard let call = words.firstIndex(where: { $0.contains("dtor") }) else { return true }
      return words[..<call].contains { flags.contains($0) }
    }
    folding =
      Self.sign("remove_pud_mapping", in: parsed) { words, _ in
        Self.isGuarded("pud_index", by: "pgtable_l4_enabled", in: words)
      }
      + Self.sign("remove_p4d_mapping", in: parsed) { words, _ in
        Self.isGuarded("p4d_index", by: "pgtable_l5_enabled", in: words)
      }
  }

  private static func sign(
    _ name: String, in file: ParsedFile, _ isThere: ([String], [Parameter]) -> Bool
  ) -> [Sign] {
    let item = file.items.first { $0.kind == .function && $0.names.first == name }
    guard let item, let body = item.body else { return [] }
    let header = CLexer.tokens(file.text, item.range.lowerBound..<body)
    let list = DeclarationReader(file.text, header).header()?.parameters ?? []
    let words = CLexer.tokens(file.text, body..<item.range.upperBound)
      .filter { $0.kind != .directive }.map { file.text.string($0) }
    let place = header.first { $0.kind == .identifier && file.text.string($0) == name }
    return [
      Sign(
        function: name, place: file.text.location(place?.start ?? item.range.lowerBound),
        isThere: isThere(words, Parameter.split(list).map { Parameter(file.text, $0) }))
    ]
  }

  /// Whether the first use of `index` stands in a statement that asks `guardian` first.
  private static func isGuarded(
    _ index: String, by guardian: String, in words: [String]
  ) -> Bool {
    guard let place = words.firstIndex(of: index) else { return false }
    let start = words[..<place].lastIndex { [";", "{", "}"].contains($0) } ?? 0
    return words[start..<place].contains(guardian)
  }
}
