// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Splits a file into its top-level definitions, at braces and semicolons.
///
/// A file in strict mode must be balanced. In fragments, and in files that only supply helpers, the parser
/// drops incomplete items instead.
struct ItemParser {
  /// Bounds on memory for hostile text, far above any kernel source file.
  private static let tokenLimit = 1 << 19
  private static let itemLimit = 1 << 17
  private static let nestingLimit = 200
  private static let branchLimit = 1000
  /// The longest macro call without a semicolon, in tokens, that the parser separates from the next item.
  private static let bareCallLimit = 256

  private enum Block { case none, function, structure, other }

  private struct OpenGroup {
    let index: Int
    let braces: Int
    let parentheses: Int
    /// The depths at the end of the first branch that is not dead.
    var afterFirst: (braces: Int, parentheses: Int)?
    /// Whether the current branch is dead: `#if 0` or similar.
    var isDead: Bool
    /// Whether an `#else` begins a dead branch, because the condition is a literal 1.
    var elseIsDead: Bool
  }

  private let text: SplicedText
  private let isStrict: Bool
  private var lexer: CLexer
  private var result: ParsedFile
  private var open: [OpenGroup] = []
  /// The number of open groups in a dead branch.
  private var deadGroups = 0

  private var pending: [CToken] = []
  private var pendingChain: [ConditionalBranch] = []
  private var pendingStart = 0
  private var nestedNames: [String] = []
  private var block = Block.none
  private var blocks = 0
  private var bodyOffset: Int?
  private var braces = 0
  private var parentheses = 0
  /// The item ended inside a conditional that began within it; the item continues until the `#endif`.
  private var isDeferred = false

  private var hunk: Int32 = 0
  private var hunkItems = 0

  private init(_ text: SplicedText, isStrict: Bool) {
    self.text = text
    self.isStrict = isStrict && !text.isFragment
    lexer = CLexer(text)
    result = ParsedFile(text: text)
  }

  /// Parses a file.
  ///
  /// - Throws: in strict mode for unmatched braces, conditionals and comments; in any mode for text that
  ///   exceeds the limits.
  static func parse(_ text: SplicedText, isStrict: Bool) throws(Failure) -> ParsedFile {
    var parser = ItemParser(text, isStrict: isStrict)
    try parser.run()
    return parser.result
  }

  private mutating func run() throws(Failure) {
    while let token = try nextToken() {
      if text.isFragment { enterHunk(of: token) }
      if token.kind == .directive {
        try directive(token)
      } else if deadGroups == 0 {
        try consume(token)
      }
    }
    if isStrict, let start = bodyOffset ?? pending.first(where: { $0.isPunctuator("{") })?.start,
      braces > 0
    {
      throw Failure(.unreadable, "\(text.location(start)): this '{' is never closed")
    }
    if isStrict, let group = open.last {
      let start = result.groups[group.index].directives[0].lowerBound
      throw Failure(.unreadable, "\(text.location(start)): this #if has no #endif")
    }
    abandon()
  }

  /// The next token. A fragment may end inside a comment; the text before it remains valid.
  private mutating func nextToken() throws(Failure) -> CToken? {
    do {
      return try lexer.next()
    } catch {
      if isStrict { throw error }
      return nil
    }
  }

  private mutating func enterHunk(of token: CToken) {
    let current = text.hunks[text.lineIndex(at: token.start)]
    guard current != hunk else { return }
    abandon()
    hunk = current
    hunkItems = result.items.count
    open = []
    deadGroups = 0
  }

  /// Drops the item that is being read, and records a function of the surface as incomplete.
  private mutating func abandon() {
    let header = DeclarationReader(text, pending).header()
    if let header, header.hasType, SurfaceNames.all.contains(header.name),
      pending.first.map({ !CKeyword.statements.contains(text.string($0)) }) ?? false
    {
      result.incomplete.append((header.name, pendingStart))
    }
    reset()
  }

  private mutating func reset() {
    pending.removeAll(keepingCapacity: true)
    nestedNames = []
    block = .none
    blocks = 0
    bodyOffset = nil
    braces = 0
    parentheses = 0
    isDeferred = false
  }

  private var chain: [ConditionalBranch] {
    open.map {
      ConditionalBranch(group: $0.index, branch: result.groups[$0.index].directives.count - 1)
    }
  }

  private mutating func consume(_ token: CToken) throws(Failure) {
    if braces == 0, parentheses == 0, isBareCall(before: token) { reset() }
    if pending.isEmpty {
      if token.isPunctuator(";") { return }
      pendingStart = token.start
      pendingChain = chain
    }
    guard pending.count < Self.tokenLimit else {
      throw Failure(.unreadable, "\(text.location(pendingStart)): this definition has no end")
    }
    pending.append(token)
    switch token.byte {
    case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses = max(0, parentheses - 1)
    case UInt8(ascii: "{"): openBrace(token)
    case UInt8(ascii: "}"): try closeBrace(token)
    case UInt8(ascii: ";") where braces == 0 && parentheses == 0: try complete(token.end)
    default: break
    }
  }

  private mutating func openBrace(_ token: CToken) {
    // After this many blocks the item is garbage, and looking back each time would take too long.
    if braces == 0, parentheses == 0, blocks < 16 {
      blocks += 1
      let reader = DeclarationReader(text, pending)
      if reader.opensStructure() {
        block = .structure
      } else if hasTopLevelAssignment {
        block = .structure
      } else if reader.header() != nil {
        block = .function
        bodyOffset = bodyOffset ?? token.start
      } else {
        block = .other
      }
    }
    braces += 1
  }

  private var hasTopLevelAssignment: Bool {
    var depth = 0
    for token in pending {
      switch token.byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: "=") where depth == 0: return true
      default: break
      }
    }
    return false
  }

  private mutating func closeBrace(_ token: CToken) throws(Failure) {
    guard braces > 0 else {
      if isStrict {
        throw Failure(.unreadable, "\(text.location(token.start)): this '}' closes nothing")
      }
      // Everything since the start of the hunk was the inside of a function that starts before it.
      reset()
      let kept = result.items[hunkItems...].filter { $0.kind == .macro }
      result.items.replaceSubrange(hunkItems..., with: kept)
      hunkItems = result.items.count
      return
    }
    braces -= 1
    guard braces == 0 else { return }
    if block == .function || block == .other {
      parentheses = 0
      try complete(token.end)
    }
  }

  /// Whether `pending` is a macro call without a semicolon, such as `module_init(x)`, and `token` starts
  /// something new in the first column.
  private func isBareCall(before token: CToken?) -> Bool {
    guard (3...Self.bareCallLimit).contains(pending.count), let last = pending.last,
      last.isPunctuator(")"), pending[0].kind == .identifier, pending[1].isPunctuator("(")
    else { return false }
    if let token {
      guard token.kind == .identifier, isFirstOnLine(token) else { return false }
    }
    let name = text.string(pending[0])
    guard !name.hasPrefix("__"), !CKeyword.isReserved(name) else { return false }
    var depth = 0
    for (index, token) in pending.enumerated() {
      if token.isPunctuator("(") { depth += 1 }
      if token.isPunctuator(")") { depth -= 1 }
      if depth == 0, index > 0 { return index == pending.count - 1 }
    }
    return false
  }

  private func isFirstOnLine(_ token: CToken) -> Bool {
    token.start == text.lineStarts[text.lineIndex(at: token.start)]
  }

  private mutating func complete(_ end: Int) throws(Failure) {
    if open.count > pendingChain.count {
      isDeferred = true
      return
    }
    defer { reset() }
    guard result.items.count < Self.itemLimit else {
      throw Failure(.unreadable, "\(text.location(pendingStart)): too many definitions in a file")
    }
    let reader = DeclarationReader(text, pending)
    let kind: SourceItem.Kind
    var names: [String]
    switch block {
    case .other: return
    case .function:
      guard let header = reader.header() else { return }
      (kind, names) = (.function, [header.name])
    case .none, .structure:
      (kind, names) = reader.declared()
    }
    names += nestedNames
    guard !names.isEmpty else { return }
    let headerEnd = bodyOffset ?? pendingStart
    result.items.append(
      SourceItem(
        kind: kind, range: pendingStart..<end, names: names, chain: pendingChain,
        body: kind == .function ? bodyOffset : nil,
        hasDirectiveInHeader: pending.contains { $0.kind == .directive && $0.start < headerEnd }))
  }

  private mutating func directive(_ token: CToken) throws(Failure) {
    let directive = Directive(text, token)
    switch directive.kind {
    case .opening:
      if isBareCall(before: nil) { reset() }
      guard open.count < Self.nestingLimit else {
        throw Failure(
          .unreadable, "\(text.location(token.start)): #if nested deeper than \(Self.nestingLimit)")
      }
      result.groups.append(ConditionalGroup(directives: [token.start..<token.end]))
      open.append(
        OpenGroup(
          index: result.groups.count - 1, braces: braces, parentheses: parentheses,
          isDead: directive.literal == false, elseIsDead: directive.literal == true))
      if directive.literal == false { deadGroups += 1 }
    case .alternative: try alternative(token, directive)
    case .closing: try closing(token)
    case .macro:
      guard deadGroups == 0, let name = directive.name else { break }
      if pending.isEmpty {
        result.items.append(
          SourceItem(
            kind: .macro, range: token.start..<token.end, names: [name], chain: chain, body: nil,
            hasDirectiveInHeader: false))
      } else {
        nestedNames.append(name)
      }
    case .other: break
    }
    if !pending.isEmpty { pending.append(token) }
  }

  private mutating func alternative(
    _ token: CToken, _ directive: Directive
  ) throws(Failure) {
    if isBareCall(before: nil) { reset() }
    guard let last = open.indices.last else {
      return try unmatched(token, directive.word)
    }
    extendPending(to: open[last])
    if open[last].afterFirst == nil, !open[last].isDead {
      open[last].afterFirst = (braces, parentheses)
    }
    (braces, parentheses) = (open[last].braces, open[last].parentheses)
    if braces > 0, pending.isEmpty { (braces, parentheses) = (0, 0) }
    let group = open[last].index
    result.groups[group].directives.append(token.start..<token.end)
    guard result.groups[group].directives.count <= Self.branchLimit else {
      throw Failure(
        .unreadable,
        "\(text.location(token.start)): an #if with more than \(Self.branchLimit) branches"
      )
    }
    if open[last].isDead { deadGroups -= 1 }
    open[last].isDead = directive.isElse ? open[last].elseIsDead : directive.literal == false
    if open[last].isDead { deadGroups += 1 }
  }

  private mutating func closing(_ token: CToken) throws(Failure) {
    if isBareCall(before: nil) { reset() }
    guard let group = open.last else { return try unmatched(token, "#endif") }
    extendPending(to: group)
    open.removeLast()
    if group.isDead { deadGroups -= 1 }
    if !pending.isEmpty, let depths = group.afterFirst {
      (braces, parentheses) = depths
    }
    if isDeferred, braces == 0, open.count == pendingChain.count {
      pending.append(token)
      try complete(token.end)
    }
  }

  /// Lets an item that started in a branch and continues beyond it start with the group's `#if`.
  private mutating func extendPending(to group: OpenGroup) {
    guard !pending.isEmpty, pendingChain.count >= open.count else { return }
    let opening = result.groups[group.index].directives[0]
    pendingStart = opening.lowerBound
    pendingChain = Array(chain.dropLast())
    pending.insert(
      CToken(kind: .directive, byte: 0, start: opening.lowerBound, end: opening.upperBound), at: 0)
  }

  private func unmatched(_ token: CToken, _ word: String) throws(Failure) {
    guard isStrict else { return }
    throw Failure(.unreadable, "\(text.location(token.start)): this \(word) has no #if")
  }
}
