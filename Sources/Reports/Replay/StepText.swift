// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A case step by step, as lines for a terminal or a text file.
public struct StepText: Sendable {
  private let scenario: Scenario
  private let naming: TableNames
  private let referenceNaming: TableNames
  private let sides: (subject: EventHistory, reference: EventHistory)
  private let timeline: StepTimeline
  private let ending: String
  private let isSame: Bool
  private let style: TextStyle
  private let language: Language
  /// The most lines of one table tree, because a subject can allocate thousands of tables.
  private let drawn = 400
  /// The most runs of stored words in a step.
  private let named = 12

  /// Nil for a scenario that cannot be lowered, or if a side has no observation.
  public init?(
    _ replayed: ReplayedCase, subject: EventHistory, reference: EventHistory, style: TextStyle,
    language: Language = .english
  ) {
    guard let mine = replayed.subject, let theirs = replayed.reference,
      let drawing = CaseTables(scenario: replayed.scenario, subject: mine, reference: theirs)
    else { return nil }
    scenario = replayed.scenario
    naming = drawing.naming(of: mine)
    referenceNaming = drawing.naming(of: theirs)
    sides = (subject, reference)
    timeline = StepTimeline(subject: subject, reference: reference)
    self.style = style
    self.language = language
    isSame = replayed.difference == nil
    let parting = CaseBlocks().sentence(
      scenario: replayed.scenario, difference: replayed.difference, subject: mine,
      reference: theirs)
    ending = language.phrase(isSame ? "both sides do the same" : parting).plain
  }

  /// The width of a line on a terminal, in columns.
  public static func width(_ text: String) -> Int { LineLayout.width(text) }

  /// The number of steps.
  public var count: Int { timeline.steps.count }

  /// The first step in which the sides differ; nil when they do not.
  public var firstDifference: Int? {
    timeline.parting ?? (isSame ? nil : count - 1)
  }

  /// The case, in a few lines.
  public var head: [String] {
    var lines = [
      say(
        """
        case \(code: scenario.id), \(code: scenario.mode): \
        \(code: scenario.purpose, atMost: 2000)
        """)
    ]
    lines += scenario.operations.enumerated().map { "call \($0 + 1): \(naming.call($1))" }
    if timeline.omitted > 0 {
      lines.append(say("the last \(timeline.omitted) events have no step"))
    }
    return lines.map(Self.printable)
  }

  /// All steps, one block each, with a final newline.
  public var whole: String {
    let blocks = [head] + (0..<count).map { lines($0) }
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// All lines of a step; the first is its title.
  public func lines(_ step: Int) -> [String] {
    switch timeline.steps[step] {
    case .start:
      return [title(step, "before the case")] + tables(before, nil)
    case .end:
      return [title(step, "at the end")] + [mark(ending, step)]
        + stores(sides.subject.last, sides.reference.last)
        + tables((sides.subject.last, sides.reference.last), nil)
    case .events(let mine, let theirs):
      let subject = mine.map { sides.subject.events[$0] }
      let reference = theirs.map { sides.reference.events[$0] }
      let done = timeline.done[step]
      let states = (
        sides.subject.states[done.subject], sides.reference.states[done.reference]
      )
      return [title(step, "")] + phrases(subject, reference, step)
        + stores(
          mine == nil ? nil : states.0, theirs == nil ? nil : states.1)
        + tables(states, subject ?? reference)
    }
  }

  /// Untrusted text in which "?" replaces control characters, characters that change the text direction, and
  /// others that are invisible.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map {
          switch $0.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            UnicodeScalar(UInt8(ascii: "?"))
          default: $0
          }
        }))
  }

  private var before: (EventHistory.State, EventHistory.State) {
    (sides.subject.states[0], sides.reference.states[0])
  }

  private func say(_ phrase: Phrase) -> String { language.phrase(phrase).plain }

  private func title(_ step: Int, _ what: Phrase) -> String {
    style.strong(
      say(
        what.isEmpty
          ? "step \(step) of \(count - 1)" : "step \(step) of \(count - 1): \(what)"))
  }

  private func mark(_ text: String, _ step: Int) -> String {
    firstDifference == step ? style.bad("> \(text)") : "  \(text)"
  }

  private func phrases(_ subject: Event?, _ reference: Event?, _ step: Int) -> [String] {
    let mine = subject.map { naming.phrase($0) } ?? say("nothing")
    let theirs = reference.map { referenceNaming.phrase($0) } ?? say("nothing")
    if subject != nil, reference != nil, mine == theirs {
      return [mark(say("both: \(code: mine)"), step)]
    }
    return [
      mark(say("the subject:   \(code: mine)"), step),
      mark(say("the reference: \(code: theirs)"), step),
    ]
  }

  private func stores(_ subject: EventHistory.State?, _ reference: EventHistory.State?) -> [String]
  {
    if let subject, let reference, subject.stores == reference.stores {
      return lines(of: subject.stores, "stored since", naming)
    }
    return lines(of: subject?.stores ?? [], "stored by the subject since", naming)
      + lines(of: reference?.stores ?? [], "stored by the reference since", referenceNaming)
  }

  private func lines(of stores: [EventHistory.Store], _ what: Phrase, _ naming: TableNames)
    -> [String]
  {
    guard !stores.isEmpty else { return [] }
    // Neighbouring slots of equal words, e.g. in a cleared table, share one line.
    var runs: [(first: EventHistory.Store, count: Int)] = []
    for store in stores {
      if let last = runs.last, last.first.table == store.table, last.first.word == store.word,
        last.first.slot + last.count == store.slot
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((store, 1))
      }
    }
    var lines = [say("  \(what) the step before:")]
    lines += runs.prefix(named).map { first, count in
      let end = count > 1 ? "..\(first.slot + count - 1)" : ""
      return "    \(naming.table(first.table))[\(first.slot)\(end)] = \(naming.hex(first.word))"
    }
    if runs.count > named { lines.append(say("    ... and \(runs.count - named) more")) }
    return lines
  }

  private func tables(
    _ states: (EventHistory.State, EventHistory.State), _ event: Event?
  ) -> [String] {
    var marked: (table: Int, slot: Int)?
    if let event, event.kind == EventKind.clear.rawValue,
      event.a < UInt64(states.0.tables.count)
    {
      marked = (Int(event.a), Int(truncatingIfNeeded: event.b))
    }
    if states.0.tables == states.1.tables, states.0.isLive == states.1.isLive {
      return drawing("tables, both sides", states.0, naming, marked)
    }
    return drawing("tables, subject", states.0, naming, marked)
      + drawing("tables, reference", states.1, referenceNaming, marked)
  }

  private func drawing(
    _ title: Phrase, _ state: EventHistory.State, _ naming: TableNames,
    _ marked: (table: Int, slot: Int)?
  ) -> [String] {
    let tree = TableTree(
      naming: naming, tables: state.tables, isLive: state.isLive, marked: marked
    ).lines()
    var lines = ["  " + language.phrase(title).asLabel.plain]
    for line in tree.prefix(drawn) {
      lines.append(line.isMarked ? style.strong("  > \(line.text)") : "    \(line.text)")
    }
    if tree.count > drawn {
      lines.append(style.faint(say("    ... \(tree.count - drawn) more lines")))
    }
    return lines
  }
}
