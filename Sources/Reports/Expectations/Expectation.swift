// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// One thing that is known of a subject, with the reason why it may be so: an entry of a file of
/// expectations.
public struct Expectation: Sendable, Hashable {
  /// What is expected. Each pattern is a text in which "*" stands for any number of characters.
  public enum Subject: Sendable, Hashable {
    /// A fix that is missing, by its commit.
    case missing(String)
    /// A fix that is there beyond what is asked for, by its commit.
    case beyond(String)
    /// An entry point that is absent, by its name.
    case absent(String)
    /// Differences of a function.
    case difference(String)
    /// A hazard, by its id.
    case hazard(String)
  }

  /// What is expected.
  public var subject: Subject
  /// A pattern of paging modes; of differences and hazards only.
  public var mode: String
  /// A pattern of kinds, e.g. "free-for-nothing"; of differences only.
  public var kind: String
  /// A pattern of rules of the oracle, of which a finding has to break one; of differences and hazards
  /// only. "*" is met by a finding that breaks none.
  public var rule: String
  /// Why it may be so.
  public var reason: String
  /// Where it stands in its file: its first line, from 1.
  public var line: Int

  /// The reason that the program writes, for somebody to give a better one.
  public static let openReason = "new; say here why this is known"

  public init(
    _ subject: Subject, mode: String = "*", kind: String = "*", rule: String = "*",
    reason: String = Self.openReason, line: Int = 0
  ) {
    self.subject = subject
    self.mode = mode
    self.kind = kind
    self.rule = rule
    self.reason = reason
    self.line = line
  }

  /// An expectation of nothing but a finding.
  public init(_ finding: ReportedFinding) {
    switch finding {
    case .missing(let commit): self.init(.missing(commit))
    case .beyond(let commit): self.init(.beyond(commit))
    case .absent(let function): self.init(.absent(function.name))
    case .difference(let function, let mode, let kind, _):
      self.init(.difference(function.name), mode: mode, kind: kind)
    case .hazard(let id, let mode, let rule):
      // Of a listed hazard the id says all; the rule tells unlisted ones apart.
      let isListed = id != "unlisted"
      self.init(
        .hazard(id), mode: mode, rule: isListed ? "*" : rule.rawValue,
        reason: "upstream's text has it too" + (isListed ? "; mhpcheck explain \(id)" : ""))
    }
  }

  /// The same in another mode.
  func `in`(_ mode: String) -> Expectation {
    var other = self
    other.mode = mode
    return other
  }

  /// Whether a finding is what is expected.
  public func covers(_ finding: ReportedFinding) -> Bool {
    switch (subject, finding) {
    case (.missing(let pattern), .missing(let commit)),
      (.beyond(let pattern), .beyond(let commit)):
      Pattern(pattern).matches(commit)
    case (.absent(let pattern), .absent(let function)): Pattern(pattern).matches(function.name)
    case (.difference(let pattern), .difference(let function, let mode, let kind, let rules)):
      Pattern(pattern).matches(function.name) && Pattern(self.mode).matches(mode)
        && Pattern(self.kind).matches(kind)
        && (rule == "*" || rules.contains { Pattern(rule).matches($0.rawValue) })
    case (.hazard(let pattern), .hazard(let id, let mode, let rule)):
      Pattern(pattern).matches(id) && Pattern(self.mode).matches(mode)
        && Pattern(self.rule).matches(rule.rawValue)
    default: false
    }
  }

  /// What is expected, in a line.
  public var text: String {
    var parts: [String]
    switch subject {
    case .missing(let commit): return "missing: \(commit)"
    case .beyond(let commit): return "beyond: \(commit)"
    case .absent(let function): return "absent: \(function)"
    case .difference(let function): parts = ["difference: \(function)"]
    case .hazard(let id): parts = ["hazard: \(id)"]
    }
    if mode != "*" { parts.append("mode: \(mode)") }
    if kind != "*" { parts.append("kind: \(kind)") }
    if rule != "*" { parts.append("rule: \(rule)") }
    return parts.joined(separator: ", ")
  }
}

/// A text in which "*" stands for any number of characters.
struct Pattern {
  private let parts: [Substring]

  init(_ text: String) { parts = text.split(separator: "*", omittingEmptySubsequences: false) }

  /// Whether all of a text is as the pattern says. Parts are taken as early as they come, which finds a
  /// match wherever there is one, in time linear in the text for each part.
  func matches(_ text: String) -> Bool {
    guard parts.count > 1 else { return parts.first.map { $0 == text[...] } ?? text.isEmpty }
    guard text.hasPrefix(parts[0]) else { return false }
    var rest = text.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
