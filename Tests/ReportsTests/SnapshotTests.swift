// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// Compares outcomes with files that somebody has reviewed: `MHPCHECK_UPDATE_SNAPSHOTS=1` writes them anew.
/// Two outcomes have a file in every format, the others only as text.
@Suite("A snapshot")
struct SnapshotTests {
  private static let folder = Repository.url("Tests/Fixtures/snapshots")

  private static let kept: [(SnapshotOutcome, SnapshotFormat)] =
    SnapshotOutcome.allCases.flatMap { outcome in
      let tells = outcome == .missingFixes || outcome == .unbuildable
      return SnapshotFormat.allCases.filter { tells || $0 == .text }.map { (outcome, $0) }
    }

  @Test("equals what its format makes of its outcome", arguments: kept)
  func same(outcome: SnapshotOutcome, format: SnapshotFormat) throws {
    let file = Self.folder.appending(path: "\(outcome.rawValue).\(format.rawValue)")
    let text = format.render(try outcome.outcome())
    if ProcessInfo.processInfo.environment["MHPCHECK_UPDATE_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let known = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    guard !known.utf8.elementsEqual(text.utf8) else { return }
    let old = known.utf8.split(separator: 10, omittingEmptySubsequences: false)
    let new = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { !$0.element.0.elementsEqual($0.element.1) }
    let number = line?.offset ?? min(old.count, new.count)
    Issue.record(
      """
      \(file.lastPathComponent):\(number + 1) has
        \(number < old.count ? String(Substring(old[number])) : "nothing")
      and the renderer says
        \(number < new.count ? String(Substring(new[number])) : "nothing")
      """)
  }

  @Test(
    "contains no control character, and none that turns the direction of writing",
    arguments: SnapshotOutcome.allCases, SnapshotFormat.allCases)
  func plain(outcome: SnapshotOutcome, format: SnapshotFormat) throws {
    let text = format.render(try outcome.outcome())
    let hidden = text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0a: false
      case 0...0x1f, 0x7f...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
      default: false
      }
    }
    #expect(hidden.isEmpty)
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test("has the verdict that its name says", arguments: SnapshotOutcome.allCases)
  func verdicts(outcome: SnapshotOutcome) throws {
    let expected: Verdict =
      switch outcome {
      case .conforming: .conforms
      case .missingFixes: .missingFixes
      case .differing, .hostile: .differs
      case .incomplete, .notRun: .incomplete
      case .unbuildable, .hostileUnbuildable: .unbuildable
      }
    #expect(try outcome.outcome().verdict == expected)
  }
}
