// SPDX-License-Identifier: GPL-2.0-only

/// A source file of the port with mutants as alternatives at run time: the body of a function that has
/// mutants becomes a `switch` on the mutant's number, with the original body as its default.
///
/// It parses Swift by the layout of `swift format`: a function of an extension or type is indented by two
/// blanks, and so is its closing brace.
struct MutatedSource {
  private let file: String
  private var lines: [String]

  init(file: String, text: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var text: String { lines.joined(separator: "\n") }

  /// The name of the variable that holds the number of the running mutant.
  static let selector = "portMutant"

  /// The selector's declaration; 0 is the unchanged port.
  static let declaration = "nonisolated(unsafe) public var \(selector) = 0\n"

  /// Adds the mutants of this file; the first gets the number `number`.
  mutating func add(_ mutants: [PortMutant], from number: Int) throws(PortMutant.FormatError) {
    var named: [String: [(number: Int, mutant: PortMutant)]] = [:]
    for (number, mutant) in zip(number..., mutants) {
      named[mutant.function, default: []].append((number, mutant))
    }
    for function in named.keys.sorted() { try add(named[function] ?? [], to: function) }
  }

  private mutating func add(
    _ mutants: [(number: Int, mutant: PortMutant)], to function: String
  ) throws(PortMutant.FormatError) {
    var (start, body) = try place(of: function)
    let returns = lines[start..<body.lowerBound].joined().contains("->")
    var new = ["    switch \(Self.selector) {"]
    for (number, mutant) in mutants {
      new.append("    case \(number):")
      new += Self.statements(try mutant.applied(to: Array(lines[body])), returns: returns)
    }
    new.append("    default:")
    new += Self.statements(Array(lines[body]), returns: returns) + ["    }"]
    lines.replaceSubrange(body, with: new)
    // Removes the attributes: inlined with all its mutants, a small function would bloat its callers.
    while start > 0, lines[start - 1].trimmed.hasPrefix("@") {
      start -= 1
      lines[start] = ""
    }
  }

  /// The lines of a body, with a `return` before a single expression.
  private static func statements(_ body: [String], returns: Bool) -> [String] {
    if body.isEmpty { return ["    break"] }
    guard returns, !body.contains(where: { $0.contains("return") }) else { return body }
    return ["    return " + body[0].trimmed] + body.dropFirst()
  }

  /// The start of a function and the range of its body. A body on the function's own line is split off first.
  private mutating func place(
    of function: String
  ) throws(PortMutant.FormatError) -> (start: Int, body: Range<Int>) {
    let sign = "func \(function)" + (function.contains("(") ? "" : "(")
    let starts = lines.indices.filter {
      lines[$0].hasPrefix("  ") && !lines[$0].hasPrefix("   ") && lines[$0].contains(sign)
    }
    guard let start = starts.first, starts.count == 1,
      let brace = lines[start...].firstIndex(where: { $0.hasSuffix("{") || $0.hasSuffix("}") })
    else {
      throw PortMutant.FormatError(file: file, complaint: "\(starts.count) functions \(function)")
    }
    if lines[brace].hasSuffix(" }"), let open = lines[brace].firstRange(of: " { ") {
      let body = lines[brace][open.upperBound...].dropLast(2)
      lines.replaceSubrange(
        brace...brace, with: [lines[brace][..<open.lowerBound] + " {", "    " + body, "  }"])
    }
    guard let end = lines[brace...].firstIndex(of: "  }") else {
      throw PortMutant.FormatError(file: file, complaint: "\(function) does not end")
    }
    return (start, (brace + 1)..<end)
  }
}

extension PortMutant {
  /// The lines of the function's body with the mutant applied.
  func applied(to body: [String]) throws(FormatError) -> [String] {
    let trimmed = body.map(\.trimmed)
    let places = trimmed.indices.filter { trimmed[$0...].starts(with: old) }
    guard let place = places.first, places.count == 1 else {
      throw FormatError(
        file: file,
        complaint: "\(function) has \(places.count) times: \(old.joined(separator: " "))")
    }
    return Array(body[..<place]) + new + Array(body[(place + old.count)...])
  }
}
