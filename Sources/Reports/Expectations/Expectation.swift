// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// An entry of a file of expectations: a known finding about a subject, with the reason why it is acceptable.
public struct Expectation: Sendable, Hashable {
  /// The expected finding. In each pattern, "*" matches any number of characters.
  public enum Subject: Sendable, Hashable {
    /// A missing fix, by its commit.
    case missing(String)
    /// A fix beyond the requested set, by its commit.
    case beyond(String)
    /// An absent entry point, by its name.
    case absent(String)
    /// Differences of a function, by its name.
    case difference(String)
    /// A hazard, by its id.
    case hazard(String)
  }

  /// The expected finding.
  public var subject: Subject
  /// A pattern of paging modes, for differences and hazards only.
  public var mode: String
  /// A pattern of kinds, e.g. "free-for-nothing", for differences only.
  public var kind: String
  /// A pattern of oracle rules, for differences and hazards only. A finding must break a matching rule; "*"
  /// also matches a finding that breaks no rule.
  public var rule: String
  /// The reason why the finding is acceptable.
  public var reason: String
  /// The first line of the entry in its file, from 1.
  public var line: Int

  /// The placeholder that the program writes until the user gives a reason.
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

  /// Creates an expectation that matches one finding; for a difference, any rule matches.
  public init(_ finding: ReportedFinding) {
    switch finding {
    case .missing(let commit): self.init(.missing(commit))
    case .beyond(let commit): self.init(.beyond(commit))
    case .absent(let function): self.init(.absent(function.name))
    case .difference(let function, let mode, let kind, _):
      self.init(.difference(function.name), mode: mode, kind: kind)
    case .hazard(let id, let mode, let rule):
      // The id identifies a listed hazard; the rule distinguishes unlisted ones.
      let isListed = id != "unlisted"
      self.init(
        .hazard(id), mode: mode, rule: isListed ? "*" : rule.rawValue,
        reason: "upstream's text has it too" + (isListed ? "; mhpcheck explain \(id)" : ""))
    }
  }

  /// The same expectation in another mode.
  func `in`(_ mode: String) -> Expectation {
    var other = self
    other.mode = mode
    return other
  }

  /// Whether the expectation matches a finding.
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

  /// One line that names the expectation.
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

/// A text in which "*" matches any number of characters.
struct Pattern {
  private let parts: [Substring]

  init(_ text: String) { parts = text.split(separator: "*", omittingEmptySubsequences: false) }

  /// Whether the pattern matches a whole text. It takes the earliest match of each part, which finds a match
  /// if there is one, in linear time per part.
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
