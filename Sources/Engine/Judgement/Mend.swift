// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// A bug of upstream's text that a subject does not have: in a case the reference breaks a rule of the
/// oracle and the subject breaks none of its own, and whatever else the sides do is the same.
public struct Mend: Hashable, Sendable, Codable, Comparable {
  /// The listed hazard; nil for one that no list has.
  public var hazard: Hazard.ID?
  /// The rule that the reference breaks.
  public var rule: OracleRule
  /// Whether the reference does not break the rule in this very case: what a mended text does otherwise
  /// follows from the mend. It counts where other cases show the mend.
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

  /// The mend of a case in which upstream's text does not break the rule.
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

  /// What kind of hazard it removes.
  var kind: Violation.Kind { hazard.map(Violation.Kind.listed) ?? .unlisted(rule) }

  /// "H1", ... or "unlisted".
  public var id: String { hazard?.rawValue ?? "unlisted" }

  /// Whether the rule itself says what may differ. What takes another mend away shows when the subject does
  /// as the port with that mend.
  var isExact: Bool {
    switch rule {
    case .maxPFN, .mappableRange, .freedWhileLinked, .freedBeforeFlush: true
    case .tableCount: hazard != nil
    default: false
    }
  }

  /// Whether it is about what a call says.
  var isAnswer: Bool { rule == .mappableRange }

  /// By hazard, then by rule.
  public static func < (left: Mend, right: Mend) -> Bool {
    left.sortKey < right.sortKey
  }

  private var sortKey: (Int, String) {
    (hazard.flatMap(Hazard.ID.allCases.firstIndex) ?? Hazard.ID.allCases.count, rule.rawValue)
  }
}

/// One case in which the sides differ, and what the oracle says of them.
struct JudgedDifference {
  private let image: MachineImage
  /// What the subject did.
  let subject: Observation
  private let judgement: Oracle.Judgement
  /// Upstream's violations in the case.
  private let known: [Violation]

  /// The subject's observation of the whole case, and what is said of it and of upstream's text.
  init(
    image: MachineImage, subject: Observation, judged: Oracle.Judgement, upstream: Oracle.Judgement
  ) {
    self.image = image
    self.subject = subject
    judgement = judged
    known = upstream.violations
  }

  /// The mends that the difference is, all of it, where the port with `mends` does and breaks this; none
  /// when any part of it is something else, or was not looked at by the oracle.
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

  /// Upstream's violations of one kind that the subject does not share, as mends.
  private func removed(like mend: Mend) -> [Mend] {
    BrokenRules(judgement.violations, reference: known).mended.map(Mend.init)
      .filter { $0.kind == mend.kind }
  }

  /// Whether the oracle saw all that the subject did.
  private var isJudgedToTheEnd: Bool {
    let isFinished = subject.ending.kind == EndingKind.finished.rawValue
    return judgement.calls
      == (isFinished ? image.operations.count : Int(subject.ending.operation) + 1)
  }
}
