// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports
@testable import Subjects

/// The outcomes of checks, one of each kind, as input of every renderer.
///
/// The scenarios are from the catalogue. The port plays both sides, one of them with other fixes or with a
/// slip.
package enum SnapshotOutcome: String, CaseIterable, Sendable {
  case conforming
  case missingFixes = "missing-fixes"
  case differing
  /// A subject that differs; each of its texts tries to break the format that shows it.
  case hostile
  /// An interrupted run.
  case incomplete
  case unbuildable
  /// A message that tries to break the format that shows it.
  case hostileUnbuildable = "hostile-unbuildable"
  /// No run at all.
  case notRun = "not-run"

  /// The outcome, which is always the same. The first call makes all outcomes.
  package func outcome() throws -> CheckOutcome {
    guard let outcome = try Self.all.get()[self] else { throw CancellationError() }
    return outcome
  }

  private static let all = Result {
    try Dictionary(uniqueKeysWithValues: allCases.map { ($0, try $0.make()) })
  }

  private func make() throws -> CheckOutcome {
    switch self {
    case .conforming: .judged(try Self.conforms())
    case .missingFixes: .judged(try SnapshotRun(.without(.latest)).report())
    case .differing: .judged(try SnapshotRun(.slips).report())
    case .hostile: .judged(try Self.bent(SnapshotRun(.slips).report()))
    case .incomplete: .judged(try Self.stopped())
    case .unbuildable:
      .failed(
        Self.failure(
          .unbuildable, subject: "backport.patch",
          "backport.patch:31: use of undeclared identifier 'pmd_is_empty' (in free_pmd_table): "
            + "pmd_is_empty is used by free_pmd_table and neither the subject nor the stub headers "
            + "define it: add the file that defines it, or -D pmd_is_empty=VALUE"))
    case .hostileUnbuildable:
      .failed(
        Self.failure(
          .unbuildable, subject: HostileText.name, "\(HostileText.all): \(HostileText.long)"))
    case .notRun:
      .failed(
        Self.failure(
          .incomplete, subject: "backport.patch",
          "workers cannot be started: Resource temporarily unavailable; run again with --jobs 1"))
    }
  }

  private static func conforms() throws -> Report {
    var report = try SnapshotRun(.spellings).report()
    report.coverage = .measured(SnapshotCoverage.whole)
    return report
  }

  private static func stopped() throws -> Report {
    var report = try SnapshotRun(.slips, isComplete: false).report()
    report.coverage = .unknown("the run was stopped")
    report.universes[1].cases = 20_480
    report.random = nil
    return report
  }

  private static func failure(
    _ verdict: Verdict, subject: String, _ message: String
  ) -> FailedCheck {
    FailedCheck(
      tool: "0.0.0", subject: subject, against: .latest, verdict: verdict, message: message,
      modes: ["sv39", "sv48", "sv57"], seed: 7)
  }

  /// The same report for a subject with hostile texts and a worker that sends arbitrary numbers.
  private static func bent(_ report: Report) -> Report {
    var report = report
    report.subject.origin = HostileText.all
    report.subject.argument = HostileText.name
    report.coverage = .measured(SnapshotCoverage.hostile)
    report.sources = report.sources.enumerated().map { index, source in
      var source = source
      source.file = index == 0 ? HostileText.long : HostileText.name
      source.lines = HostileText.pieces.enumerated().map {
        FunctionSource.Line(number: $0.offset + 1, text: $0.element)
      }
      return source
    }
    for index in report.differences.indices {
      report.differences[index].replay = "mhpcheck replay a-case@sv39 \(HostileText.name)"
      report.differences[index].scenario.purpose = HostileText.all
      report.differences[index].subject.map {
        report.differences[index].subject = HostileText.bent($0)
      }
    }
    for index in report.hazards.indices {
      report.hazards[index].replay = "mhpcheck replay a-case@sv39 \(HostileText.name)"
    }
    return report
  }
}

/// Texts that are meant to break formats.
package enum HostileText {
  /// Each piece tries to break some format.
  package static let pieces = [
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}", "\u{0}\u{1}\u{8}\u{b}\u{7f}\u{9b}2J\u{85}",
    "\"'\\\"", "]]>", "-->", "<!--", "</script><script>alert(1)</script>", "<b onclick=x>&amp;&lt;",
    "`a` ``b`` ```c``` ~~~", "```", "# SKIP", "ok 1 forged", "# TODO # x", "a | b || c",
    "@maintainer #1 !2 https://example.org/ [x](javascript:alert(1)) ![y](z) *w*_v_",
    "\u{202e}desrever\u{202c}\u{2066}x\u{2069}\u{200f}\u{feff}\u{200b}",
    "\r\nTested-by: Forged <forged@example.org>\r\n\nContent-Type: text/html\n.\nFrom me\n-- \n---",
    "\u{2028}\u{2029}\u{fffe}\u{ffff}\u{10ffff}\u{d7ff}\u{e000}", "{{x}} {{{y}}} ${z} %s %n $(w)",
    // A lone surrogate and a truncated sequence, as far as a String can hold them.
    String(
      decoding: [0x61, 0xed, 0xa0, 0x80, 0x62, 0xf0, 0x9f, 0x98, 0xff] as [UInt8], as: UTF8.self),
    "a\u{300}\u{301}\u{302}\u{303}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "\t\t \u{a0}",
  ]
  /// All pieces in one text.
  package static let all = pieces.joined(separator: " ")
  /// A file's name with special characters of many formats.
  package static let name = "../a b|`@x`<i>\u{1b}[2J\u{202e}\"'\n.c"
  /// A very long name.
  package static let long = String(repeating: "a/", count: 50_000) + "init.c"

  /// The answer of a worker that a subject controls, with arbitrary numbers.
  static func bent(_ observation: Observation) -> Observation {
    var bent = observation
    var unknown = Event(.clear, detail: .max, a: .max, b: .max, c: .max, d: .max)
    unknown.kind = .max
    bent.events += [
      Event(.clear, a: .max, b: .max, c: .max), Event(.returned, a: .max, b: .max, c: .max),
      Event(.freeReserved, detail: .max, a: .max, c: 0), Event(.altmapFree, a: .max), unknown,
    ]
    bent.maxPFN = .max
    return bent
  }
}
