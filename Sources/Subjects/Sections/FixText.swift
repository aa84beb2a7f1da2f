// SPDX-License-Identifier: GPL-2.0-only

/// The later fixes that a subject's text shows, for functions that cannot run, for example because a patch
/// shows only parts of them.
public struct FixText: Sendable {
  /// A place that needs the fix.
  public struct Sign: Sendable, Hashable {
    /// The called function.
    public let call: String
    /// "FILE:LINE" of the call.
    public let place: String
    /// Whether the place has the fix.
    public let isThere: Bool
  }

  /// 21f1b85c8912: whether a flag guards the destructors of PMD tables.
  public let destructor: [Sign]
  /// a0188cc13369: whether walks index only levels that are not folded.
  public let folding: [Sign]

  /// Reads the subject's main file: whole functions that remove mappings or run a destructor, and the added
  /// lines of functions that a patch shows in part.
  public init(_ subject: SubjectText) {
    guard let file = subject.main else {
      (destructor, folding) = ([], [])
      return
    }
    let text = SplicedText(file)
    func words(_ tokens: [CToken]) -> [Word] {
      tokens.filter { $0.kind != .directive }
        .map { Word(text: text.string($0), start: $0.start) }
    }
    func isAdded(_ word: Word) -> Bool { file.lines[text.lineIndex(at: word.start)].isAdded }
    let items = (try? ItemParser.parse(text, isStrict: false))?.items ?? []
    let functions = items.filter { $0.kind == .function }
    let torn =
      text.isFragment ? ((try? TornText(file))?.hunks ?? []).map { words($0) } : []
    func signs(
      in isMeant: (String) -> Bool, of calls: Set<String>, _ isThere: (ArraySlice<Word>) -> Bool
    ) -> [Sign] {
      let whole = functions.filter { isMeant($0.names[0]) }
        .map { words(CLexer.tokens(text, $0.range)) }
      return (whole.map { ($0, false) } + torn.map { ($0, true) }).flatMap { words, isTorn in
        words.indices.filter { index in
          calls.contains(words[index].text) && index + 1 < words.count
            && words[index + 1].text == "(" && (!isTorn || isAdded(words[index]))
        }.map { index in
          Sign(
            call: words[index].text, place: text.location(words[index].start),
            isThere: isThere(words[..<index]))
        }
      }
    }
    // Since 6.16 one destructor serves tables of every level. Where a patch shows only a part, the destructor
    // that a flag guards is that of PMD tables.
    let common = "pagetable_dtor"
    destructor =
      signs(
        in: { _ in true }, of: ["pagetable_pmd_dtor", "pgtable_pmd_page_dtor"], Self.hangsOnFlag)
      + signs(in: { $0.contains("pmd") }, of: [common], Self.hangsOnFlag)
      .filter { $0.isThere || torn.isEmpty }
    folding = [("pud", "pgtable_l4_enabled"), ("p4d", "pgtable_l5_enabled")].flatMap {
      level, guardian in
      signs(in: { $0.contains("remove") }, of: ["\(level)_index"]) {
        Self.hangs(on: guardian, $0)
      }
    }
  }

  private struct Word {
    let text: String
    let start: Int
  }

  /// Whether a word occurs in the last, unfinished statement of `words`, or in the condition before it.
  private static func hangs(on guardian: String, _ words: ArraySlice<Word>) -> Bool {
    let start = words.lastIndex { [";", "}"].contains($0.text) } ?? words.startIndex
    return words[start...].contains { $0.text == guardian }
  }

  /// Whether a flag guards the next statement: it is the body of `if (!flag)` or inside it, or such a body
  /// before it leaves the function or jumps.
  private static func hangsOnFlag(_ words: ArraySlice<Word>) -> Bool {
    for start in words.indices where words[start].text == "if" {
      let rest = words[start...].dropFirst().filter { $0.text != "!" }.map(\.text)
      // The condition is one word: a flag, not a call.
      guard rest.count >= 3, rest[0] == "(", rest[2] == ")" else { continue }
      let body = rest.dropFirst(3)
      switch body.first {
      case "{":
        if body.count(where: { $0 == "{" }) > body.count(where: { $0 == "}" }) { return true }
      case "goto", "return", nil: return true
      default: if !body.contains(";") { return true }
      }
    }
    return false
  }
}
