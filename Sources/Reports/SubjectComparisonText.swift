// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A comparison of two subjects as terminal text.
public struct SubjectComparisonText: Sendable {
  private let style: TextStyle
  /// Only the last line.
  private let isQuiet: Bool
  /// How many kinds of difference are shown in full.
  private let shown = 8

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ comparison: SubjectComparison) -> String {
    var lines: [String] = []
    if !isQuiet {
      for (name, report) in [("A", comparison.first), ("B", comparison.second)] {
        lines.append("\(name)  \(report.subject.origin)")
        lines.append("   sha256 \(report.subject.sha256)")
        lines.append("   \(VerdictText(report).line(style: style))")
      }
      for (name, only) in [("A", comparison.onlyFirst), ("B", comparison.onlySecond)]
      where !only.isEmpty {
        lines.append("only \(name) has \(names(only)); cases that call it were not compared")
      }
      lines += differences(comparison)
      lines.append("")
    }
    lines.append(verdict(comparison))
    return lines.joined(separator: "\n") + "\n"
  }

  private func names(_ functions: [KernelFunction]) -> String {
    functions.map(\.name).joined(separator: ", ")
  }

  private func differences(_ comparison: SubjectComparison) -> [String] {
    struct Kind: Hashable {
      var function: KernelFunction
      var signature: String
      var witness: SubjectComparison.Witness
    }
    var lines: [String] = []
    var seen: Set<Kind> = []
    let kinds = comparison.differences.filter {
      seen.insert(
        Kind(function: $0.group.function, signature: $0.group.signature, witness: $0.witness)
      ).inserted
    }
    let renderer = DifferenceRenderer(
      style: style, names: SideNames(subject: "A", reference: "B"), toleratesExtraFlush: false)
    for difference in kinds.prefix(shown) {
      let group = difference.group
      let count = group.places.count == 1 ? "1 case" : "\(group.places.count) cases"
      let title = "\(difference.id) \(group.function.name) differs on \(group.mode) in \(count)"
      lines += ["", style.strong(title), "  \(Self.sentence(difference.witness))"]
      if difference.observed == nil {
        lines.append("  case \(difference.scenario.id), \(difference.scenario.mode)")
        lines.append("  " + style.bad("a subject kills the process that runs it"))
      } else {
        lines += renderer.lines(
          scenario: difference.scenario, difference: difference.difference,
          subject: difference.observed?.first, reference: difference.observed?.second)
      }
      lines += difference.replays.map { "  replay: " + style.strong($0) }
    }
    let rest = comparison.differences.count - min(kinds.count, shown)
    if rest > 0 {
      lines += ["", "\(rest) more, by mode and kind; --json FILE writes all of them"]
    }
    return lines
  }

  /// Whom the port agrees with, in a sentence.
  static func sentence(_ witness: SubjectComparison.Witness) -> String {
    switch witness {
    case .first: "the port agrees with A"
    case .second: "the port agrees with B"
    case .both: "the port agrees with both"
    case .neither: "the port agrees with neither"
    }
  }

  private func verdict(_ comparison: SubjectComparison) -> String {
    let run = "(\(comparison.cases) cases, \(VerdictText.seconds(comparison.seconds)) s)"
    if comparison.isSame { return "\(style.good("same")): A and B behave the same \(run)" }
    var reasons: [String] = []
    if !comparison.functions.isEmpty { reasons.append("in \(names(comparison.functions))") }
    for (name, only) in [("A", comparison.onlyFirst), ("B", comparison.onlySecond)] {
      let entryPoints = only.filter(\.isEntryPoint)
      if !entryPoints.isEmpty { reasons.append("only \(name) has \(names(entryPoints))") }
    }
    return "\(style.bad("different")): \(reasons.joined(separator: "; ")) \(run)"
  }
}
