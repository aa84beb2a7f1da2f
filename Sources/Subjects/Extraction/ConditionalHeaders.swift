// SPDX-License-Identifier: GPL-2.0-only

/// The headers of a function of which a conditional chooses one, as backports have it:
///
///     #ifdef NEW
///     void f(int a, bool b)
///     #else
///     void f(int a)
///     #endif
///     { ... }
struct ConditionalHeaders {
  struct Branch {
    /// The branch's `#if`, `#elif` or `#else`.
    let directive: String
    /// The tokens of the header in this branch, those around the conditional included.
    let header: [CToken]
  }

  /// In order; the last is an `#else`, unless without one there would be no header.
  let branches: [Branch]

  /// Reads the one conditional in the header of `item`; nil where there are several, or where one
  /// stands within another.
  init?(_ text: SplicedText, _ item: SourceItem) {
    var before: [CToken] = []
    var after: [CToken] = []
    var parts: [(directive: String, tokens: [CToken])] = []
    var hasBody = false
    var isOpen = false
    var isClosed = false
    var hasElse = false
    for token in CLexer.tokens(text, item.range) {
      guard token.kind == .directive else {
        if token.isPunctuator("{") {
          hasBody = true
          if isClosed || parts.isEmpty { break }
        }
        if hasBody { continue }
        if isClosed {
          after.append(token)
        } else if isOpen {
          parts[parts.count - 1].tokens.append(token)
        } else {
          before.append(token)
        }
        continue
      }
      let directive = Directive(text, token)
      switch directive.kind {
      case .opening:
        // Behind the brace it belongs to the body.
        guard !isOpen, !isClosed, !hasBody else { return nil }
        isOpen = true
        parts.append((text.string(token), []))
      case .alternative:
        guard isOpen else { return nil }
        if directive.isElse { hasElse = true }
        hasBody = false
        parts.append((text.string(token), []))
      case .closing:
        guard isOpen else { return nil }
        isOpen = false
        isClosed = true
      default: return nil
      }
      // The branches held the brace too.
      if isClosed, hasBody { break }
    }
    guard isClosed else { return nil }
    var branches = parts.map { Branch(directive: $0.directive, header: before + $0.tokens + after) }
    let rest = before + after
    if !hasElse, let header = DeclarationReader(text, rest).header(),
      SurfaceNames.all.contains(header.name)
    {
      branches.append(Branch(directive: "#else", header: rest))
    }
    self.branches = branches
  }
}
