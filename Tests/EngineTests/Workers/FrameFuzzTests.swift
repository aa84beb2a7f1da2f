// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// Answers of workers with changed bytes and words: whatever a subject does to its worker, the supervisor
/// reads the answer, judges it, and continues.
@Suite("A corrupted answer")
struct FrameFuzzTests {
  /// Words that cause trouble as an index, a count or a shift.
  private static let words: [UInt64] = [
    0, 1, 2, 7, 8, 9, 63, 64, 511, 512, 513, 4096, 40960, 1 << 31, 1 << 32, 1 << 52, .max >> 1,
    .max,
  ]

  private struct Case {
    var image: MachineImage
    var frame: [UInt64]
  }

  /// Cases from all over the catalogue, with the answer to each.
  private static func cases(_ mode: PagingMode) throws -> [Case] {
    let port = HotplugPort(fixes: .latest)
    let scenarios = Catalogue.scenarios(mode: mode)
    return try stride(from: 0, to: scenarios.count, by: scenarios.count / 40).map { place in
      let image = try scenarios[place].lowered()
      var words: [UInt64] = []
      ObservationCoding.append(port.observe(image), entries: 512, to: &words)
      return Case(image: image, frame: words)
    }
  }

  private static func change(_ frame: [UInt64], _ random: inout SplitMix64) -> [UInt64] {
    var frame = frame
    for _ in 0...random.next(upperBound: 3 as UInt64) {
      let place = Int(random.next(upperBound: UInt64(min(frame.count, 4096))))
      switch random.next(upperBound: 5 as UInt64) {
      case 0: frame[place] = words[Int(random.next(upperBound: UInt64(words.count)))]
      case 1: frame[place] ^= 1 << random.next(upperBound: 64 as UInt64)
      case 2: frame[place] = frame[place] &+ 1
      case 3: frame[place] = words[Int(random.next(upperBound: UInt64(words.count)))] << 32
      default: frame.remove(at: place)
      }
      if frame.isEmpty { return frame }
    }
    return frame
  }

  @Test("is rejected, or judged like any other", arguments: Architecture.riscv.modes)
  func observations(mode: PagingMode) throws {
    let checker = CaseChecker(fixes: [.latest, .asMerged])
    let cases = try Self.cases(mode)
    var random = SplitMix64(seed: 0x5eed_f4a3)
    var (read, differing) = (0, 0)
    for number in 0..<700 {
      let one = cases[number % cases.count]
      let payload = WordReader.bytes(of: Self.change(one.frame, &random))
      let answer = WorkerResponse(tag: 4, payload: payload, entries: 512)
      guard case .observations(let observed)? = answer, observed.count == 1 else { continue }
      read += 1
      let digest = observed[0].digest(entriesPerTable: 512)
      let claimed = CaseAnswer(digest: digest, ending: observed[0].ending.kind, spellings: [])
      let result = checker.result(of: one.image, answered: claimed, observed: observed[0])
      let judged = checker.judged(result, one.image, [observed[0]])
      if judged.comparisons[0].difference != nil { differing += 1 }
      _ = observed[0].isCostly(besides: checker.observe(one.image))
    }
    // Otherwise the test tries nothing.
    #expect(read > 100)
    #expect(differing > 50)
  }

  @Test("of any kind does no harm to its reader") func frames() {
    var random = SplitMix64(seed: 0xf4a3)
    for number in 0..<2_000 {
      let words = (0..<random.next(upperBound: 40 as UInt64)).map { _ in
        random.next(upperBound: 2 as UInt64) == 0
          ? Self.words[Int(random.next(upperBound: UInt64(Self.words.count)))] : random.next()
      }
      _ = WorkerResponse(
        tag: UInt64(number % 10), payload: WordReader.bytes(of: words), entries: 512)
    }
  }
}
