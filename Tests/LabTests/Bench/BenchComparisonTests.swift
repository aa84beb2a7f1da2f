// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Lab
@testable import Machine
@testable import Reports

@Suite("A comparison of two programs")
struct BenchComparisonTests {
  private static let base = [Double](repeating: 2, count: 7)

  /// A comparison of one figure each for the times of one command and of one way of running cases.
  private func comparison(_ wall: [Double], _ port: [Double]) -> BenchComparison {
    BenchComparison(
      program: "/base/mhpcheck", version: "0.1.0 (1a2b3c4)",
      figures: [
        .init(what: "check builtin", kind: .wall, this: wall, base: Self.base),
        .init(what: "universes", kind: .port, this: port, base: Self.base),
      ])
  }

  private let same = [2.02, 1.98, 2.0, 2.0, 2.02, 1.98, 2.0]
  private let slower = [2.2, 2.18, 2.22, 2.2, 2.18, 2.22, 2.2]
  private let wide = [2.2, 1.9, 2.6, 2.2, 1.8, 2.5, 2.3]

  private func text(_ comparison: BenchComparison) -> [Substring] {
    let row = BenchRow(
      geometry: 512, mode: "sv48", name: "catalogue", cases: 4,
      total: Timing(subject: 1000, port: 800, checked: 2020))
    let report = BenchReport(rows: [row], comparison: comparison)
    let document = BenchDocument.of(report, tool: "0")
    let text = TextPrinter(style: TextStyle(isColoured: false)).print(document)
    return text.split(separator: "\n")
  }

  @Test("fails if any figure is slower, and says how many of how many")
  func failing() {
    let comparison = comparison(slower, wide)
    #expect(comparison.speed == .slower)
    #expect(comparison.isGood == false)
    let lines = text(comparison)
    #expect(lines.first == "slower: more than 5 % above /base/mhpcheck in 1 of 2 figures")
    #expect(lines.contains { $0.hasSuffix("1.10 (1.09 to 1.11)  slower") }, "\(lines)")
    #expect(lines.contains { $0.hasSuffix("1.10 (0.90 to 1.30)  cannot tell") }, "\(lines)")
  }

  @Test("does not fail if the spread does not allow to say so")
  func unclear() {
    let comparison = comparison(same, wide)
    #expect(comparison.speed == .cannotTell)
    #expect(comparison.isGood == nil)
    #expect(text(comparison).first?.hasPrefix("cannot tell: in 1 of 2 figures") == true)
  }

  @Test("is good if no figure is slower; the costs of cases follow it")
  func good() {
    let comparison = comparison(same, same)
    #expect(comparison.speed == .noSlower)
    #expect(comparison.isGood == true)
    let lines = text(comparison)
    #expect(lines.first?.hasPrefix("no slower: in none of 2 figures") == true)
    #expect(lines.contains { $0.hasSuffix("1.00 (0.99 to 1.01)  no slower") }, "\(lines)")
    #expect(lines.last?.contains("catalogue") == true, "\(lines)")
  }

  @Test("has all values in JSON, and the answer for each figure")
  func json() throws {
    struct Wire: Decodable, Equatable {
      struct Comparison: Decodable, Equatable {
        var program, version, verdict: String
        var pairs: Int
        var limit: Double
        var figures: [Figure]
      }
      struct Figure: Decodable, Equatable {
        var what, figure, unit, verdict: String
        var this, base: [Double]
        var ratio, from, to, confidence: Double
      }
      var comparison: Comparison
    }
    let report = BenchReport(rows: [], comparison: comparison(slower, same))
    let wire = try JSONDecoder().decode(Wire.self, from: Data(report.json(tool: "0").utf8))
    let read = wire.comparison
    #expect(read.program == "/base/mhpcheck" && read.version == "0.1.0 (1a2b3c4)")
    #expect(read.verdict == "slower" && read.pairs == 7 && read.limit == 1.05)
    let wall = Wire.Figure(
      what: "check builtin", figure: "wall", unit: "seconds", verdict: "slower", this: slower,
      base: Self.base, ratio: 1.1, from: 1.09, to: 1.11, confidence: 0.984375)
    let port = Wire.Figure(
      what: "universes", figure: "port", unit: "nanoseconds", verdict: "no-slower", this: same,
      base: Self.base, ratio: 1, from: 0.99, to: 1.01, confidence: 0.984375)
    #expect(read.figures == [wall, port])
  }

  @Test("runs a check at each depth, one of a text with a slip, and a benchmark")
  func commands() {
    let modes = Architecture.riscv.modes
    let all = TimedCommand.all(.init(modes: modes, pairs: 7, isQuick: false))
    #expect(
      all.map(\.text) == [
        "check builtin --depth smoke", "check builtin", "check wrong.c --depth smoke",
        "bench --quick --json -",
      ])
    #expect(all.map(\.status) == [.conforms, .conforms, .differs, .conforms])
    #expect(all.map(\.isBench) == [false, false, false, true])
    let quick = TimedCommand.all(.init(modes: [modes[0]], pairs: 1, isQuick: true))
    #expect(
      quick.map(\.text) == [
        "check builtin --depth smoke --mode sv39", "check wrong.c --depth smoke --mode sv39",
        "bench --quick --json - --mode sv39",
      ])
  }

  @Test("makes the text with a slip from the reference, and refuses any other text")
  func wrongText() throws {
    let reference = try Repository.text("CKernelShim/subject/reference.inc")
    let wrong = try WrongText.made(of: reference)
    #expect(
      wrong.split(separator: "\n", omittingEmptySubsequences: false).count + 1
        == reference.split(separator: "\n", omittingEmptySubsequences: false).count)
    #expect(throws: Failure.self) { try WrongText.made(of: wrong) }
    #expect(throws: Failure.self) { try WrongText.made(of: reference + reference) }
  }
}
