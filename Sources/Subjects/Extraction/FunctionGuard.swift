// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A conditional around a function of a subject.
public struct FunctionGuard: Sendable, Hashable {
  /// The condition, in C.
  public let condition: String
  /// The symbols that must be defined for the condition to hold; nil if it depends on more than symbols.
  let wanted: [String]?
  /// The symbols that must be undefined for the condition to hold.
  let unwanted: [String]

  /// Reads the directives of a group, up to the branch that contains the function.
  init(_ directives: some BidirectionalCollection<Range<Int>>, of text: SplicedText) {
    let branches = directives.map { Condition(text, $0) }
    guard let own = branches.last, branches.count > 1 else {
      self.init(branches.first?.text ?? "", branches.first?.symbols)
      return
    }
    let before = branches.dropLast()
    if own.text.isEmpty, before.count == 1, let only = before.first {
      let symbols = only.symbols.flatMap { $0.count == 1 ? [(!$0[0].isOn, $0[0].name)] : nil }
      self.init("!(\(only.text))", symbols.map { $0.map { (name: $0.1, isOn: $0.0) } })
      return
    }
    let all = before.map { "!(\($0.text))" } + (own.text.isEmpty ? [] : [own.text])
    self.init(all.joined(separator: " && "), own.text.isEmpty ? nil : own.symbols)
  }

  private init(_ text: String, _ symbols: [(name: String, isOn: Bool)]?) {
    condition =
      symbols.map { $0.map { ($0.isOn ? "" : "!") + $0.name }.joined(separator: " && ") } ?? text
    wanted = symbols?.filter(\.isOn).map(\.name)
    unwanted = symbols?.filter { !$0.isOn }.map(\.name) ?? []
  }

  /// The condition of a directive; empty for an `#else`.
  private struct Condition {
    /// The condition, in C.
    let text: String
    /// The symbols that the condition requires, all together; nil if it depends on more than symbols.
    let symbols: [(name: String, isOn: Bool)]?

    init(_ file: SplicedText, _ range: Range<Int>) {
      let tokens = CLexer.tokens(file, range, insideDirective: true)
      let words = tokens.map { file.string($0) }
      let rest = words.dropFirst(2)
      let written =
        tokens.count > 2 ? file.string(tokens[2].start..<tokens[tokens.count - 1].end) : ""
      switch words.count > 1 ? words[1] : "" {
      case "ifdef", "elifdef":
        text = "defined(\(written))"
        symbols = Self.symbols(Array(rest))
      case "ifndef", "elifndef":
        text = "!defined(\(written))"
        symbols = Self.symbols(["!"] + rest)
      default:
        text = written
        symbols = Self.symbols(Array(rest))
      }
    }

    private static func symbols(_ words: [String]) -> [(name: String, isOn: Bool)]? {
      var found: [(name: String, isOn: Bool)] = []
      // The lexer makes two punctuators of `&&`.
      let parts = words.joined(separator: " ").replacing("& &", with: "\n")
        .split(separator: "\n", omittingEmptySubsequences: false)
      for part in parts {
        var words = part.split(separator: " ")[...]
        let isOn = words.first != "!"
        if !isOn { words = words.dropFirst() }
        if let first = words.first, ["defined", "IS_ENABLED", "IS_BUILTIN"].contains(first) {
          words = words.dropFirst()
        }
        if words.count == 3, words.first == "(", words.last == ")" {
          words = words.dropFirst().dropLast()
        }
        guard words.count == 1, let name = words.first,
          name.first?.isLetter == true || name.hasPrefix("_")
        else { return nil }
        found.append((String(name), isOn))
      }
      return found
    }
  }

  /// The options that make the condition hold; empty if it depends on more than symbols, nil if it holds
  /// already.
  func remedy(_ isDefined: (String) -> Bool) -> String? {
    guard let wanted else { return "" }
    let options =
      wanted.filter { !isDefined($0) }.map { "-D \($0)" }
      + unwanted.filter(isDefined).map { "-U \($0)" }
    return options.isEmpty ? nil : options.joined(separator: " ")
  }
}

/// Functions that a subject's text defines but a conditional hides from the compiler.
public struct CompiledOut: Sendable, Hashable {
  /// The functions, in the order of the surface.
  public let functions: [KernelFunction]
  /// One line: the functions, their conditions, and the options that make these hold.
  public let sentence: String

  /// Finds the functions; nil if there are none.
  ///
  /// - Parameters:
  ///   - present: the functions that were compiled.
  ///   - isDefined: whether a symbol of the configuration is defined.
  public init?(
    of extraction: Extraction, present: some Sequence<KernelFunction>,
    isDefined: (String) -> Bool
  ) {
    let missing = Set(extraction.functions.keys).subtracting(present).sorted()
    var groups: [(reason: String, functions: [KernelFunction])] = []
    for function in missing {
      let guards = extraction.functions[function]?.guards ?? []
      let off = guards.compactMap { one in one.remedy(isDefined).map { (one.condition, $0) } }
      guard !off.isEmpty else { continue }
      let condition = off.map(\.0).joined(separator: " and ")
      let remedies = off.map(\.1).filter { !$0.isEmpty }
      let reason =
        remedies.count == off.count
        ? "\(condition), which is false: use \(remedies.joined(separator: " "))"
        : "\(condition), which is false: set its symbols with -D or -U"
      if let index = groups.firstIndex(where: { $0.reason == reason }) {
        groups[index].functions.append(function)
      } else {
        groups.append((reason, [function]))
      }
    }
    guard !groups.isEmpty else { return nil }
    functions = groups.flatMap(\.functions).sorted()
    sentence = groups.map { reason, functions in
      let names = functions.map(\.name)
      let list =
        names.count > 3
        ? "\(names[0]) ... \(names[names.count - 1])" : names.list
      return "\(list) \(names.count == 1 ? "depends" : "depend") on \(reason)"
    }.joined(separator: "; ")
  }
}
