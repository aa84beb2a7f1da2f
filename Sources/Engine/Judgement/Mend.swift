// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// A bug of the upstream text that a subject does not have: in a case the reference breaks an oracle rule,
/// the subject breaks none of its own, and the sides differ in nothing else.
public struct Mend: Hashable, Sendable, Codable, Comparable {
  /// The listed hazard; nil for an unlisted one.
  public var hazard: Hazard.ID?
  /// The rule that the reference breaks.
  public var rule: OracleRule
  /// Whether the reference does not break the rule in this very case: the difference is a consequence of the
  /// mend. It counts only if other cases show the mend.
  public var isConsequence = false

  init(_ violation: Violation) {
    hazard = violation.hazard
    rule = violation.rule
  }

  private init(_ hazard: Hazard.ID?, _ rule: OracleRule) {
    self.hazard = hazard
    self.rule = rule
    isConsequence = true
  }

  /// The mend of a case in which the upstream text does not break the rule.
  fileprivate init?(consequenceOf mend: UpstreamMends) {
    switch mend {
    case .pagesForParts: self.init(.h1, .outsideChanged)
    case .handsUpNoMemory: self.init(.h5, .kernelStopped)
    case .knowsUpperLeaf: self.init(.h6, .walkedOutside)
    case .testsAltmap: self.init(.h10, .altmapUnbalanced)
    case .fillsTables: self.init(nil, .memmapHole)
    default: return nil
    }
  }

  /// The kind of hazard that the mend removes.
  var kind: Violation.Kind { hazard.map(Violation.Kind.listed) ?? .unlisted(rule) }

  /// "H1", ... or "unlisted".
  public var id: String { hazard?.rawValue ?? "unlisted" }

  /// Whether the rule alone defines the permitted difference. For any other mend, the subject must behave
  /// like the port with that mend.
  var isExact: Bool {
    switch rule {
    case .maxPFN, .mappableRange, .freedWhileLinked, .freedBeforeFlush: true
    case .tableCount: hazard != nil
    default: false
    }
  }

  /// Whether the mend concerns the result of a call.
  var isAnswer: Bool { rule == .mappableRange }

  /// Orders mends by hazard, then by rule.
  public static func < (left: Mend, right: Mend) -> Bool {
    left.sortKey < right.sortKey
  }

  private var sortKey: (Int, String) {
    (hazard.flatMap(Hazard.ID.allCases.firstIndex) ?? Hazard.ID.allCases.count, rule.rawValue)
  }
}

/// One case in which the sides differ, with the oracle's judgements of it.
struct JudgedDifference {
  private let image: MachineImage
  let subject: Observation
  private let judgement: Oracle.Judgement
  /// The violations by the upstream text in the case.
  private let known: [Violation]

  /// Takes the subject's observation of the whole case, and the judgements of it and of the upstream text.
  init(
    image: MachineImage, subject: Observation, judged: Oracle.Judgement, upstream: Oracle.Judgement
  ) {
    self.image = image
    self.subject = subject
    judgement = judged
    known = upstream.violations
  }

  /// The mends that explain the whole difference from the port with `mends`, whose observation and judgement
  /// are given. None when a part of the difference has another cause, or when the oracle did not check all of
  /// it.
  func mends(
    as mends: UpstreamMends, _ reference: Observation, judged: Oracle.Judgement
  ) -> [Mend] {
    guard isJudgedToTheEnd else { return [] }
    let broken = BrokenRules(judgement.violations, reference: judged.violations)
    guard broken.own.isEmpty else { return [] }
    let exact = broken.mended.filter { Mend($0).isExact }
    var found = Set(exact.map(Mend.init))
    let traces = MendedTraces(
      image: image, subject: subject, reference: reference, mends: found.sorted(),
      answers: Set(exact.filter { Mend($0).isAnswer }.map(\.operation)))
    guard traces.areSame else { return [] }
    for mend in mends.members {
      guard let consequence = Mend(consequenceOf: mend) else { return [] }
      let removed = removed(like: consequence)
      found.formUnion(removed.isEmpty ? [consequence] : removed)
    }
    return found.sorted()
  }

  /// The upstream violations of the same kind that the subject does not share, as mends.
  private func removed(like mend: Mend) -> [Mend] {
    BrokenRules(judgement.violations, reference: known).mended.map(Mend.init)
      .filter { $0.kind == mend.kind }
  }

  /// Whether the oracle checked all calls of the subject.
  private var isJudgedToTheEnd: Bool {
    let isFinished = subject.ending.kind == EndingKind.finished.rawValue
    return judgement.calls
      == (isFinished ? image.operations.count : Int(subject.ending.operation) + 1)
  }
}
