// SPDX-License-Identifier: GPL-2.0-only

import Reports

/// Renders the outcome for a subject's mutants as terminal text.
public struct MutationText: Sendable {
  private let style: TextStyle
  /// Whether to render only the last line.
  private let isQuiet: Bool

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ report: MutationReport) -> String {
    var lines: [String] = []
    if !isQuiet {
      lines += [
        "subject  \(report.subject.origin)", "         sha256 \(report.subject.sha256)", "",
      ]
      lines += functions(report)
      lines += survivors(report)
      lines += notes(report)
      lines.append("")
    }
    lines.append(score(report))
    return lines.joined(separator: "\n") + "\n"
  }

  private func functions(_ report: MutationReport) -> [String] {
    let names = report.functions
    let width = names.map(\.count).max() ?? 0
    return names.map { name in
      let score = report.score(of: name)
      let padding = String(repeating: " ", count: width - name.count)
      let killed = "\(score.killed) of \(score.total) killed"
      let styled = score.killed == score.total ? style.good(killed) : style.bad(killed)
      let equivalent = score.equivalent > 0 ? ", \(score.equivalent) equivalent" : ""
      return "\(name)\(padding)  \(styled)\(equivalent)"
    }
  }

  private func survivors(_ report: MutationReport) -> [String] {
    report.mutants.filter { $0.fate == .survived }.flatMap { mutant -> [String] in
      let place = "\(mutant.file):\(mutant.line)"
      return ["", style.strong("\(mutant.id) survives"), "  \(mutant.what), \(place)"]
        + mutant.diff.split(separator: "\n").map { line in
          switch line.first {
          case "-" where !line.hasPrefix("---"): "  " + style.bad(String(line))
          case "+" where !line.hasPrefix("+++"): "  " + style.good(String(line))
          default: "  " + style.faint(String(line))
          }
        }
    }
  }

  private func notes(_ report: MutationReport) -> [String] {
    var lines: [String] = []
    for stale in report.stale {
      lines.append(
        "\(style.bad("stale")): the argument for \(stale.id) does not hold: \(stale.why)")
    }
    for place in report.unread { lines.append("not read, so not mutated: \(place)") }
    if report.subjectDiffers {
      lines.append(
        "the subject itself differs from the reference: cases in which it does count by the kind of "
          + "difference, universes and random cases in which it does not at all")
    }
    let uncounted = report.uncounted
    let counts = [
      (report.score().equivalent, "equivalent by argument"),
      (uncounted.identical, "compiled to the subject's own code"),
      (uncounted.duplicates, "compiled to another's code"),
      (uncounted.uncompilable, "do not compile"), (uncounted.notRun, "not run"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !counts.isEmpty { lines.append("not counted: " + counts.joined(separator: ", ")) }
    return lines.isEmpty ? [] : [""] + lines
  }

  private func score(_ report: MutationReport) -> String {
    let score = report.score()
    let run = "(\(VerdictText.seconds(report.seconds)) s)"
    let figures = "\(score.killed) of \(score.total) mutants killed"
    guard report.isComplete else { return "\(style.bad("incomplete")): \(figures) so far \(run)" }
    guard score.total > 0 else {
      return "no mutants: nothing that could be changed compiles \(run)"
    }
    let percent = score.killed * 1000 / score.total
    let share = "\(percent / 10).\(percent % 10) %"
    let word = score.killed == score.total ? style.good(share) : style.bad(share)
    return "mutation score \(word): \(figures) \(run)"
  }
}
