// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Finds all definitions that a subject lacks at once, and the options that supply them.
struct MissingDefinitions {
  /// Each round finds the names that the errors of the previous round hid.
  private static let rounds = 6
  /// Limit of missing names. A kernel file lacks fewer; garbage could lack any number.
  private static let limit = 64

  let compiler: SubjectCompiler
  let extraction: Extraction

  /// Advice after a compilation that failed with `errors`; nil if no name is missing.
  func advice(after errors: String) async -> String? {
    var found: [String: String] = [:]
    for attribute in extraction.unknownAttributes { found[attribute.name] = attribute.definition }
    for name in missing(in: errors) {
      found[name] = found[name] ?? definition(of: name, in: errors)
    }
    guard !found.isEmpty else { return nil }
    for _ in 0..<Self.rounds where found.count <= Self.limit {
      let options = found.values.sorted().map { "-D\($0)" }
      guard let outcome = try? await compiler.run(["-fsyntax-only"] + options, on: extraction)
      else {
        break
      }
      if outcome.isSuccess { return Self.working(found) }
      let names = missing(in: outcome.errors).filter { found[$0] == nil }
      guard !names.isEmpty else { break }
      for name in names { found[name] = definition(of: name, in: outcome.errors) }
    }
    return
      "neither the subject nor the stub headers define \(Self.list(found.keys.sorted())): give a file"
      + " that does with --include FILE, or -D NAME=VALUE"
  }

  /// The missing names in `errors`. A function of the surface does not count: the compiler did not
  /// understand its header, or the error has another cause.
  private func missing(in errors: String) -> [String] {
    CompilerDiagnostics(errors, of: extraction, isDefined: compiler.isDefined).missing
      .filter {
        !SurfaceNames.all.contains($0) && !CKeyword.isReserved($0) && !$0.hasPrefix("mhp_")
          && !isDeclared($0)
      }
  }

  private static func working(_ found: [String: String]) -> String {
    let options = found.values.sorted().map { "-D '\($0)'" }.joined(separator: " ")
    return
      "neither the subject nor the stub headers define \(list(found.keys.sorted())); it compiles with"
      + " \(options), if these are the right values, or with their definitions in --include FILE"
  }

  private static func list(_ names: [String]) -> String {
    guard names.count > 12 else { return names.list }
    return "\(names.prefix(12).joined(separator: ", ")) and \(names.count - 12) more"
  }

  /// A definition that lets uses of the name compile: 0 for a call or a value, an integer type for a type.
  private func definition(of name: String, in errors: String) -> String {
    if CompilerDiagnostics.unknownTypes(in: errors).contains(name) || declares(name) {
      return "\(name)=unsigned long"
    }
    return isCalled(name) ? "\(name)(...)=0" : "\(name)=0"
  }

  private func isCalled(_ name: String) -> Bool { follows(name) { $0 == "(" } }

  /// Whether the text declares the name, with a type that is itself missing: a name and a space precede it.
  private func isDeclared(_ name: String) -> Bool {
    var rest = extraction.extractedText[...]
    while let place = rest.firstRange(of: name) {
      let before = rest[..<place.lowerBound]
      let after = rest[place.upperBound...].first
      rest = rest[place.upperBound...]
      guard before.last == " ", after.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true
      else { continue }
      let word = before.dropLast().reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      let previous = String(word.reversed())
      if !previous.isEmpty, !CKeyword.statements.contains(previous) { return true }
    }
    return false
  }

  /// Whether another name follows this one somewhere, as in a declaration.
  private func declares(_ name: String) -> Bool { follows(name) { $0.isLetter || $0 == "_" } }

  /// Whether the first character after the name, blanks skipped, satisfies `isSo` somewhere in the text.
  private func follows(_ name: String, _ isSo: (Character) -> Bool) -> Bool {
    var rest = extraction.extractedText[...]
    while let place = rest.firstRange(of: name) {
      let before = rest[..<place.lowerBound].last
      rest = rest[place.upperBound...]
      let isWord = before.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
      let isWhole = rest.first.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
      if isWord, isWhole, rest.first(where: { $0 != " " && $0 != "\t" }).map(isSo) ?? false {
        return true
      }
    }
    return false
  }
}

/// An unknown word in a function's header that is not its type, such as an attribute macro.
struct UnknownAttribute: Sendable, Hashable {
  let name: String
  /// Whether the word has arguments.
  let takesArguments: Bool

  /// The option's value that defines the word as empty.
  var definition: String { takesArguments ? "\(name)(...)=" : "\(name)=" }

  /// The words in the header of a function that `isKnown` does not accept, in order.
  static func all(
    in item: SourceItem, of text: SplicedText, isKnown: (String) -> Bool
  ) -> [UnknownAttribute] {
    let tokens = CLexer.tokens(text, item.range.lowerBound..<(item.body ?? item.range.upperBound))
    var found: [UnknownAttribute] = []
    var hasType = false
    var depth = 0
    for (index, token) in tokens.enumerated() {
      if token.isPunctuator("(") { depth += 1 }
      if token.isPunctuator(")") { depth -= 1 }
      guard depth == 0, token.kind == .identifier else { continue }
      let word = text.string(token)
      if CKeyword.types.contains(word) || CKeyword.tagged.contains(word) { hasType = true }
      if word == item.names[0] || CKeyword.isReserved(word) { continue }
      if index > 0, CKeyword.tagged.contains(text.string(tokens[index - 1])) { continue }
      if isKnown(word) {
        if word.hasSuffix("_t") || ["u64", "u32", "s64"].contains(word) { hasType = true }
        continue
      }
      let takesArguments = index + 1 < tokens.count && tokens[index + 1].isPunctuator("(")
      found.append(UnknownAttribute(name: word, takesArguments: takesArguments))
    }
    // Without a known type, the first unknown word is the type.
    return hasType ? found : Array(found.dropFirst())
  }
}
