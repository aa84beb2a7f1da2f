// SPDX-License-Identifier: GPL-2.0-only

/// The parameters and local variables of a function, with their types.
struct LocalVariables {
  struct Variable: Hashable {
    var name: String
    /// The words and stars of the type, without qualifiers.
    var type: String
    /// The tokens of the initial value.
    var initial: Range<Int>?

    /// Whether it holds a number. C converts one to another.
    var isInteger: Bool { !type.contains("*") && LocalVariables.integers.contains(type) }

    /// Whether a value of one can be a value of the other.
    func isLike(_ other: Variable) -> Bool {
      type == other.type || (isInteger && other.isInteger)
    }
  }

  private static let integers: Set<String> = [
    "int", "unsigned", "unsigned int", "long", "unsigned long", "long long", "unsigned long long",
    "short", "unsigned short", "size_t", "ssize_t", "u8", "u16", "u32", "u64", "s32", "s64", "bool",
    "phys_addr_t", "uintptr_t", "resource_size_t",
  ]

  private(set) var parameters: [Variable] = []
  private(set) var locals: [Variable] = []

  var all: [Variable] { parameters + locals }

  init(_ function: FunctionStructure) {
    parameters = Self.parameters(of: function)
    for statement in function.body.all {
      guard case .declaration(let declarators) = statement.kind, let first = declarators.first
      else { continue }
      let base = Self.typeName(of: Self.head(of: first, in: function))
      for declarator in declarators {
        guard let name = declarator.name else { continue }
        let stars = Self.head(of: declarator, in: function).count { $0.is("*") }
        locals.append(
          Variable(
            name: name, type: base + String(repeating: "*", count: stars),
            initial: declarator.initial?.range))
      }
    }
  }

  /// The tokens before a declarator's name.
  private static func head(
    of declarator: Statement.Declarator, in function: FunctionStructure
  ) -> ArraySlice<SourceToken> {
    let named = function.tokens[declarator.range].prefix { !$0.is("=") }
    // "struct page *page" has the name twice.
    let at = named.lastIndex { $0.kind == .word && $0.text == declarator.name }
    return named[..<(at ?? named.endIndex)]
  }

  private static func typeName(of tokens: ArraySlice<SourceToken>) -> String {
    tokens.filter { $0.kind == .word && !CKeyword.specifiers.contains($0.text) }.map(\.text)
      .joined(separator: " ")
  }

  private static func parameters(of function: FunctionStructure) -> [Variable] {
    guard let at = function.nameAt else { return [] }
    var result: [Variable] = []
    var part: [SourceToken] = []
    var depth = 0
    for token in function.tokens[(at + 1)...] {
      if token.is("(") { depth += 1 }
      if token.is(")") { depth -= 1 }
      if depth == 0 || (depth == 1 && token.is(",")) {
        if let name = part.last(where: { $0.kind == .word }), part.count > 1 {
          let before = part.prefix { $0 != name }
          result.append(
            Variable(
              name: name.text,
              type: typeName(of: before)
                + String(repeating: "*", count: before.count { $0.is("*") })))
        }
        part = []
        if depth == 0 { break }
      } else if !token.is("(") || depth > 1 {
        part.append(token)
      }
    }
    return result
  }
}

extension FunctionStructure {
  /// The place of the function's name in its header; nil if there is none.
  var nameAt: Int? {
    let header = tokens.indices.prefix { $0 < body.range.lowerBound }
    return header.first {
      tokens[$0].kind == .word && tokens[$0].text == name && $0 + 1 < tokens.count
        && tokens[$0 + 1].is("(")
    }
  }

  /// Whether the token at a place is the name of a variable, not that of a member.
  func isPlain(_ place: Int) -> Bool {
    guard tokens[place].kind == .word else { return false }
    return place == 0 || !(tokens[place - 1].is(".") || tokens[place - 1].is("->"))
  }
}
