// SPDX-License-Identifier: GPL-2.0-only

/// The alternative headers of a function under a conditional, as in backports:
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
    /// The tokens of the header in this branch, including those around the conditional.
    let header: [CToken]
  }

  /// The branches, in order. If the text has no `#else`, and the tokens around the conditional are a header
  /// by themselves, the last branch is an `#else` with these.
  let branches: [Branch]

  /// Reads the conditional in the header of `item`; nil if there are several, nested ones or other
  /// directives.
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
        // A conditional after the brace belongs to the body.
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
      // The body's brace was inside the branches.
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
