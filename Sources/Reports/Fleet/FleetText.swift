// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// A fleet as terminal text: the subjects, then what tells them apart, in columns that fit a hundred
/// characters with thirty subjects.
public struct FleetText: Sendable {
  private let style: TextStyle
  /// Only the subjects.
  private let isQuiet: Bool
  /// Characters of a subject's name in the tables; the list of subjects has all of it.
  private let nameWidth = 26
  /// Characters of a line of a table.
  private let lineWidth = 100

  public init(style: TextStyle, isQuiet: Bool = false) {
    self.style = style
    self.isQuiet = isQuiet
  }

  /// The whole text, with a final newline.
  public func render(_ fleet: FleetReport) -> String {
    var lines = fleet.rows.flatMap { subject($0, of: fleet) }
    if !isQuiet, !fleet.functions.isEmpty {
      lines += ["", style.strong("fixes and hazards")] + fixesAndHazards(fleet)
      lines += ["", style.strong("functions")] + functions(fleet)
      lines += ["", "what an id means: mhpcheck explain ID"]
    }
    if !isQuiet { lines.append("") }
    lines.append(FleetWords.summary(fleet))
    return lines.joined(separator: "\n") + "\n"
  }

  private func subject(_ row: FleetRow, of fleet: FleetReport) -> [String] {
    let width = FleetRow.label(fleet.rows.count - 1).count
    let label = row.label + String(repeating: " ", count: width - row.label.count)
    let indent = String(repeating: " ", count: width)
    let verdict: String
    if let report = row.report {
      verdict = VerdictText(report).line(style: style)
    } else {
      verdict = "\(style.bad(row.word)): \(SafeText.line(row.reason ?? ""))"
    }
    let argument = SafeText.line(row.argument)
    if isQuiet { return ["\(label)  \(argument): \(verdict)"] }
    let origin = SafeText.line(row.origin)
    return [
      "\(label)  \(argument == origin ? argument : "\(argument), \(origin)")",
      "\(indent)  \(verdict)",
    ]
  }

  private func fixesAndHazards(_ fleet: FleetReport) -> [String] {
    let hazards = FleetReport.hazards
    let names = hazards.map { $0 == FleetReport.unlisted ? "more" : $0 }
    let head = UpstreamFixes.all.map { pad($0.commit, 12) } + names
    let labelled = fleet.tabled.map { "\($0.label)  \(name($0))" }
    let width = labelled.map(\.count).max() ?? 0
    var lines = [pad("", width + 4) + trimmed(head.joined(separator: " "))]
    for (row, name) in zip(fleet.tabled, labelled) {
      let fixes = UpstreamFixes.all.map { mark(row.state(of: $0.fix)) + pad("", 11) }
      let marks = zip(hazards, names).map { hazard, name -> String in
        let width = name.count
        guard let count = row.count(of: hazard) else {
          return style.faint("?") + pad("", width - 1)
        }
        if count == 0 { return style.faint(".") + pad("", width - 1) }
        let text = hazard == FleetReport.unlisted ? "\(count)" : "!"
        return text + pad("", width - text.count)
      }
      lines.append("  \(pad(name, width))  " + trimmed((fixes + marks).joined(separator: " ")))
    }
    lines.append(
      "  fix: + there, - lacking, ~ in part, o not shown by these cases, . nothing that it mends")
    lines.append("  hazard of upstream's own text: ! there, . not; more: so many that no list has")
    return lines
  }

  private func functions(_ fleet: FleetReport) -> [String] {
    let functions = fleet.functions
    let width = functions.map(\.name.count).max() ?? 0
    let cell = fleet.tabled.map(\.label.count).max() ?? 1
    var lines: [String] = []
    var rest = fleet.tabled[...]
    while !rest.isEmpty {
      let shown = rest.prefix((lineWidth - width - 3) / (cell + 1))
      rest = rest.dropFirst(shown.count)
      lines.append(
        "  " + pad("", width + 1) + trimmed(shown.map { " " + pad($0.label, cell) }.joined()))
      for function in functions {
        let marks = shown.map { row in " " + mark(row.status(of: function)) + pad("", cell - 1) }
        lines.append("  " + pad(function.name, width + 1) + trimmed(marks.joined()))
      }
    }
    lines.append("  = identical, ~ equivalent, X differs, . absent, ? not judged")
    return lines
  }

  private func mark(_ state: FixState) -> String {
    switch state {
    case .present: style.good("+")
    case .missing: style.bad("-")
    case .partial: style.bad("~")
    case .unseen: "o"
    case .absent: style.faint(".")
    case .unknown: style.faint("?")
    }
  }

  private func mark(_ status: FunctionStatus?) -> String {
    switch status {
    case .identical: style.good("=")
    case .equivalent: style.good("~")
    case .differs: style.bad("X")
    case .absent: style.faint(".")
    case nil: style.faint("?")
    }
  }

  /// The last part of the argument, where it is long.
  private func name(_ row: FleetRow) -> String {
    let argument = SafeText.line(row.argument)
    guard argument.count > nameWidth else { return argument }
    return "\u{2026}" + argument.suffix(nameWidth - 1)
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.hasSuffix(" ") { text = text.dropLast() }
    return String(text)
  }
}

/// What the forms of a fleet have in common.
enum FleetWords {
  /// "3 of 5 conform to latest (sv39 sv48 sv57, smoke, 4.10 s)".
  static func summary(_ fleet: FleetReport) -> String {
    let conform = fleet.conforming == 1 ? "conforms" : "conform"
    let modes = fleet.modes.joined(separator: " ")
    return "\(fleet.conforming) of \(fleet.rows.count) \(conform) to "
      + "\(fleet.against.name) "
      + "(\(modes); \(fleet.depth); \(VerdictText.seconds(fleet.seconds)) s)"
  }
}
