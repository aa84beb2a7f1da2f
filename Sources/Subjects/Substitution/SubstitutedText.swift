// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A text whose functions and other definitions can replace those of another text.
struct SubstitutedText: Sendable {
  let file: ParsedFile
  /// The items of each function, in order: several if a configuration chooses between them.
  let functions: [String: [Int]]

  init(_ text: String, named name: String) throws(Failure) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let source = SourceFile(
      path: "arch/riscv/mm/init.c", displayName: name,
      lines: lines.enumerated().map {
        SourceLine(text: String($1), displayName: name, number: $0 + 1, isAdded: true)
      })
    self.init(try ItemParser.parse(SplicedText(source), isStrict: false))
  }

  private init(_ file: ParsedFile) {
    self.file = file
    var functions: [String: [Int]] = [:]
    for (index, item) in file.items.enumerated() where item.kind == .function {
      functions[item.names[0], default: []].append(index)
    }
    self.functions = functions
  }

  /// The same text without some definitions.
  func without(_ names: Set<String>) -> SubstitutedText {
    var file = file
    file.items.removeAll { !names.isDisjoint(with: $0.names) }
    return SubstitutedText(file)
  }

  /// The same text without some macros; functions of the names stay.
  func without(macros names: Set<String>) -> SubstitutedText {
    var file = file
    file.items.removeAll { $0.kind == .macro && !names.isDisjoint(with: $0.names) }
    return SubstitutedText(file)
  }

  /// The tokens of a function: comments, blanks and line breaks do not count.
  func tokens(of function: String) -> [String] {
    (functions[function] ?? []).flatMap { tokens(file.items[$0].range) }
  }

  /// The tokens of a function's header.
  func header(of function: String) -> [String] {
    guard let item = functions[function]?.first.map({ file.items[$0] }) else { return [] }
    return tokens(item.range.lowerBound..<(item.body ?? item.range.upperBound))
  }

  private func tokens(_ range: Range<Int>) -> [String] {
    CLexer.tokens(file.text, range).map {
      $0.kind == .directive
        ? file.text.string($0).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        : file.text.string($0)
    }
  }

  /// The parameters of a function; nil if its header is not a plain one.
  func parameters(of function: String) -> [Parameter]? {
    guard let item = functions[function]?.first.map({ file.items[$0] }),
      !item.hasDirectiveInHeader,
      let header = DeclarationReader(
        file.text,
        CLexer.tokens(file.text, item.range.lowerBound..<(item.body ?? item.range.upperBound))
      ).header()
    else { return nil }
    let parameters = Parameter.split(header.parameters).map { Parameter(file.text, $0) }
    return parameters.count == 1 && parameters[0].isVoid ? [] : parameters
  }
}
