// SPDX-License-Identifier: GPL-2.0-only

/// Finds out what a subject that does not compile lacks: all of it at once, and the options that supply it.
struct MissingDefinitions {
  /// Each round finds what the errors of the round before hid.
  private static let rounds = 6
  /// More than any kernel's file lacks; garbage has no end.
  private static let limit = 64

  let compiler: SubjectCompiler
  let extraction: Extraction

  /// What to do about a compilation that left `errors`; nil where no name is missing.
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

  /// The names that errors call unknown. A function of the surface that is unknown is one whose header was
  /// not understood, or another matter.
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
      + " \(options), if that is what they come to, or with their definitions in --include FILE"
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }

  /// A definition under which a use of the name can compile: a call comes to 0, a type to a word.
  private func definition(of name: String, in errors: String) -> String {
    if CompilerDiagnostics.unknownTypes(in: errors).contains(name) || declares(name) {
      return "\(name)=unsigned long"
    }
    return isCalled(name) ? "\(name)(...)=0" : "\(name)=0"
  }

  private func isCalled(_ name: String) -> Bool { follows(name) { $0 == "(" } }

  /// Whether the text declares it, under a type that is missing itself: a name and blanks stand before it.
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

  /// Whether another name follows it somewhere, as in a declaration.
  private func declares(_ name: String) -> Bool { follows(name) { $0.isLetter || $0 == "_" } }

  /// Whether what follows the name somewhere, blanks aside, is so.
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

/// A word in the header of a function that is neither a type nor anything else that is known.
struct UnknownAttribute: Sendable, Hashable {
  let name: String
  /// Whether arguments follow it.
  let takesArguments: Bool

  /// As an option that makes nothing of it.
  var definition: String { takesArguments ? "\(name)(...)=" : "\(name)=" }

  /// Those in the header of a function, in order, as far as nothing in `isKnown` has them.
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
    // Where nothing else is a type, the first of them is.
    return hasType ? found : Array(found.dropFirst())
  }
}
