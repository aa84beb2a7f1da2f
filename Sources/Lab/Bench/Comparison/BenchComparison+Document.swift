// SPDX-License-Identifier: GPL-2.0-only

import Reports

extension BenchComparison {
  /// The limit of a ratio, as a percentage above 1.
  private static let percent = Int(((PairedRatio.limit - 1) * 100).rounded())

  /// Whether no figure is slower; nil if that cannot be told.
  var isGood: Bool? {
    switch speed {
    case .slower: false
    case .cannotTell: nil
    case .noSlower, .faster: true
    }
  }

  /// The answer in a sentence.
  var lead: Phrase {
    let name: Phrase = "\(code: program, atMost: 300)"
    let answer = speed
    let count = figures.count { $0.ratio.speed == answer }
    return switch answer {
    case .slower:
      """
      \("slower", tone: .bad): more than \(Self.percent) % above \(name) in \(count) of \
      \(figures.count) figures
      """
    case .cannotTell:
      """
      \("cannot tell", tone: .strong): in \(count) of \(figures.count) figures the median is more \
      than \(Self.percent) % above \(name), and the spread is too wide to be sure
      """
    case .noSlower, .faster:
      """
      \("no slower", tone: .good): in none of \(figures.count) figures is the median more than \
      \(Self.percent) % above \(name)
      """
    }
  }

  /// The figures, and how to read them.
  var section: Section {
    var section = Section(
      id: "comparison", heading: "Beside the other program", importance: .essential)
    section.add(
      .table(
        Table(
          caption: "", head: ["what", "figure", "base", "this", "ratio", "verdict"],
          rows: figures.map(\.row), numbers: [2, 3, 4])), .essential)
    let confidence = Words.decimals((figures.first?.ratio.confidence ?? 0) * 100)
    let reading: Phrase =
      """
      The columns have medians. A ratio is the median of \(pairs) pairs of runs, this program to \
      the base; the range behind it holds the true median with a probability of \(confidence) %.
      """
    section.add(.paragraph(reading))
    if pairs < PairedRatio.leastPairs {
      section.add(
        .paragraph(
          "With fewer than \(PairedRatio.leastPairs) pairs nothing is called slower or faster."))
    }
    return section
  }
}

extension BenchComparison.Figure {
  fileprivate var row: Table.Row {
    let paired = ratio
    let name: Phrase = kind.isOfCommand ? "\(code: what)" : "\(what)"
    let middle = Words.decimals(paired.median)
    let (from, to) = (
      Words.decimals(paired.interval.lowerBound), Words.decimals(paired.interval.upperBound)
    )
    return Table.Row(
      cells: [
        Table.Cell(name), "\(kind.words)", "\(text(PairedRatio.median(of: base)))",
        "\(text(PairedRatio.median(of: this)))", "\(middle) (\(from) to \(to))",
        "\(paired.speed.words, tone: paired.speed.tone)",
      ], isMarked: paired.speed == .slower)
  }

  private func text(_ value: Double) -> String {
    kind.isOfCommand ? Words.decimals(value) : "\(Int(value.rounded()))"
  }
}

extension BenchComparison.Figure.Kind {
  fileprivate var words: String {
    switch self {
    case .processor: "processor time, s"
    case .wall: "wall time, s"
    case .c: "C, ns a case"
    case .port: "port, ns a case"
    case .checked: "checked, ns a case"
    }
  }
}

extension PairedRatio.Speed {
  fileprivate var words: String {
    switch self {
    case .slower: "slower"
    case .cannotTell: "cannot tell"
    case .noSlower: "no slower"
    case .faster: "faster"
    }
  }

  fileprivate var tone: Span.Tone {
    switch self {
    case .slower: .bad
    case .cannotTell: .strong
    case .noSlower: .plain
    case .faster: .good
    }
  }
}
