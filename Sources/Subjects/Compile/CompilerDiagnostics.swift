// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The errors and warnings of a compiler or linker about a subject, one line each, with advice.
struct CompilerDiagnostics {
  private struct Diagnostic {
    var file: String?
    var line: Int?
    var text: String
    /// The flag that turns it on, without -W.
    var flag: String?
  }

  private let extraction: Extraction
  private let isDefined: (String) -> Bool
  private var errors: [Diagnostic] = []
  private var warned: [Diagnostic] = []
  private let firstLine: String

  /// Reads the error output of gcc, clang or ld.
  init(_ output: String, of extraction: Extraction, isDefined: @escaping (String) -> Bool) {
    self.extraction = extraction
    self.isDefined = isDefined
    let lines = output.split(whereSeparator: \.isNewline).map(String.init)
    firstLine = lines.first ?? "no message"
    for line in lines {
      if let found = Self.located(line) {
        errors.append(found)
      } else if let found = Self.located(line, by: [": warning: "]) {
        warned.append(found)
      } else if let symbol = Self.quoted(
        line, after: ["undefined reference to ", "undefined symbol: "])
      {
        errors.append(Diagnostic(text: "undefined reference to '\(symbol)'"))
      }
    }
  }

  /// The names that the compiler does not know, each once, in order of the errors.
  var missing: [String] {
    var seen: Set<String> = []
    return errors.compactMap { Self.missingName($0.text) }.filter { seen.insert($0).inserted }
  }

  /// The names that the compiler reports as unknown types.
  static func unknownTypes(in output: String) -> Set<String> {
    Set(
      output.split(whereSeparator: \.isNewline).compactMap {
        quoted(String($0), after: ["unknown type name "])
      })
  }

  /// The first error, with the function that contains it.
  var error: Failure { error(advice: nil) }

  /// The first error, with `known` as its advice if it is not nil.
  func error(advice known: String?) -> Failure {
    guard let first = errors.first else {
      return Failure(.unreadable, "the compiler failed: \(firstLine)")
    }
    let function = first.line.flatMap { line in
      first.file.flatMap { extraction.function(at: line, of: $0) }
    }
    let place = first.file.map { file in "\(file):\(first.line ?? 0): " } ?? ""
    let inside = function.map { " (in \($0))" } ?? ""
    var advice: [String] = []
    if let known {
      advice.append(known)
    } else if let name = Self.missingName(first.text) {
      advice.append(self.advice(on: name, of: function ?? "the subject"))
    }
    if errors.count > 1 {
      advice.append("\(errors.count - 1) more error\(errors.count == 2 ? " follows" : "s follow")")
    }
    return Failure(
      .unreadable, "\(place)\(first.text)\(inside)",
      advice: advice.isEmpty ? nil : advice.joined(separator: "; "))
  }

  /// Warnings in functions of the subject, one line each. Those in the stub headers are the harness's own.
  var warnings: [String] {
    var seen: Set<String> = []
    return warned.compactMap { one in
      guard let file = one.file, let line = one.line,
        let function = extraction.function(at: line, of: file)
      else { return nil }
      let text = "\(file):\(line): \(one.text) (in \(function))"
      return seen.insert(text).inserted ? text : nil
    }
  }

  /// The functions of the subject with a warning of one of some flags, each once.
  func functions(warnedBy flags: Set<String>) -> [String] {
    var seen: Set<String> = []
    return warned.compactMap { one in
      guard let flag = one.flag, flags.contains(flag), let file = one.file, let line = one.line,
        let function = extraction.function(at: line, of: file)
      else { return nil }
      return seen.insert(function).inserted ? function : nil
    }
  }

  private func advice(on name: String, of user: String) -> String {
    let function = KernelFunction(name: name)
    let others = extraction.functions.keys.filter { $0 != function }
    if let out = CompiledOut(of: extraction, present: others, isDefined: isDefined) {
      return out.sentence
    }
    return function == nil
      ? "neither the subject nor the stub headers define \(name), which \(user) uses: "
        + (extraction.isInPart ? "apply the patch with --base FILE, " : "")
        + "add the file that defines it, or -D \(name)=VALUE"
      : "no definition of \(name) was found: apply a patch with --base FILE; if a macro "
        + "makes the definition, write it out"
  }

  /// Parses `FILE:LINE:COLUMN: error: TEXT`. FILE may contain colons.
  private static func located(
    _ line: String, by marks: [String] = [": fatal error: ", ": error: "]
  ) -> Diagnostic? {
    for mark in marks {
      guard let found = position(of: mark, in: line) else { continue }
      var text = String(line[found.upperBound...])
      // Drop the -W flag that made it an error: the user cannot turn it off.
      var turnedOnBy: String?
      if text.hasSuffix("]"), let flag = position(of: " [-W", in: text) {
        turnedOnBy = String(text[flag.upperBound...].dropLast())
        text = String(text[..<flag.lowerBound])
      }
      var parts = line[..<found.lowerBound].split(separator: ":", omittingEmptySubsequences: false)
      var numbers: [Int] = []
      while numbers.count < 2, parts.count > 1, let number = parts.last.flatMap({ Int($0) }) {
        numbers.append(number)
        parts.removeLast()
      }
      let file = parts.joined(separator: ":")
      guard let number = numbers.last else { return Diagnostic(text: text, flag: turnedOnBy) }
      return Diagnostic(file: file, line: number, text: text, flag: turnedOnBy)
    }
    return nil
  }

  /// The name that an error reports as unknown; nil if the error is of another kind.
  static func missingName(_ text: String) -> String? {
    let starts = [
      "use of undeclared identifier ", "call to undeclared function ", "unknown type name ",
      "implicit declaration of function ", "undefined reference to ",
      "call to undeclared library function ", "variable has incomplete type ",
      "incomplete definition of type ", "function-like macro '", "invalid use of undefined type ",
      "invalid application of 'sizeof' to an incomplete type ",
    ]
    if let name = quoted(text, after: starts) { return name }
    // gcc: 'name' undeclared (first use in this function)
    guard position(of: "' undeclared", in: text) != nil, text.hasPrefix("'") else { return nil }
    return text.dropFirst().split(separator: "'").first.map(String.init)
  }

  /// The name after the first of `starts` that occurs in `text`, without its quotes.
  private static func quoted(_ text: String, after starts: [String]) -> String? {
    for start in starts {
      guard let found = position(of: start, in: text) else { continue }
      let rest = text[found.upperBound...].drop { $0 == "'" || $0 == "`" }
      let name = rest.prefix { $0 != "'" && $0 != ";" }
      if !name.isEmpty { return String(name) }
    }
    return nil
  }

  /// The first range of `text` that equals `part`.
  private static func position(of part: String, in text: String) -> Range<String.Index>? {
    var start = text.startIndex
    while start < text.endIndex {
      if text[start...].hasPrefix(part) {
        return start..<text.index(start, offsetBy: part.count)
      }
      start = text.index(after: start)
    }
    return nil
  }
}
