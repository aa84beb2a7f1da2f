// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

/// The rows that are judged by running single definitions: 6e6c5e21b8cb, 216e04bf1e4d, 37992b7f1097.
struct SeriesProbes: Sendable {
  let text: SubjectText
  let stubs: String
  let stand: ProbeRunner

  private static let header = "arch/riscv/include/asm"

  /// `pfn_to_kaddr`: the address of a page in the linear map.
  func kernelAddress() async throws(Failure) -> SeriesRow {
    let found: Probe?
    do throws(Failure) {
      found = try Probe.pfnToKaddr(of: text, stubs: stubs)
    } catch {
      return SeriesRow(.kernelAddress, .partial, by: .structure, evidence: error.message)
    }
    guard let found else {
      return text.row(
        on: .kernelAddress, without: ["pfn_to_kaddr"], in: ["\(Self.header)/page.h"],
        "\(Self.header)/page.h defines no pfn_to_kaddr")
    }
    // RAM's first page, its neighbour, pages beyond 4 GiB, and PFNs that need more than 32 bits.
    let numbers: [UInt64] = [
      0x8_0000, 0x8_0001, 0x10_0000, 0x0fff_ffff, 0x8000_0000, 0x1_0000_0001,
    ]
    let questions = Architecture.riscv.modes.flatMap { mode in
      numbers.map { ProbeRunner.Question(mode: mode, number: 0, argument: $0) }
    }
    switch try await stand.ask(found.extraction, named: "pfn-to-kaddr", questions) {
    case .unbuildable(let message):
      return SeriesRow(
        .kernelAddress, .partial, by: .structure,
        evidence: "pfn_to_kaddr (\(found.place)) does not compile: \(message)")
    case .answered(let answers):
      for (question, answer) in zip(questions, answers) {
        let layout = AddressLayout(mode: question.mode, indexBits: 9)
        let expected = layout.virtual(
          ofPhysical: question.argument << UInt64(AddressLayout.pageShift))
        guard answer?.first != expected else { continue }
        let said = answer.map { Self.hex($0.first) } ?? "nothing"
        return SeriesRow(
          .kernelAddress, .partial, by: .behaviour,
          evidence: "pfn_to_kaddr(\(Self.hex(question.argument))) gives \(said) on "
            + "\(question.mode.name), not \(Self.hex(expected)) (\(found.place))")
      }
      return SeriesRow(
        .kernelAddress, .present, by: .behaviour,
        evidence: "pfn_to_kaddr gives the linear map's address of \(numbers.count) pages, also of "
          + "those beyond 32 bits, in every mode (\(found.place))")
    }
  }

  static func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  /// The helpers of device pages, and whether the configuration enables them in generic code.
  func devmap(
    _ configuration: KconfigRows.Selected
  ) async throws(Failure) -> SeriesRow {
    let probe: DevmapProbe
    do throws(Failure) {
      probe = try DevmapProbe(text, stubs: stubs)
    } catch {
      return SeriesRow(.zoneDevice, .partial, by: .structure, evidence: error.message)
    }
    guard let extraction = probe.extraction, let place = probe.places["pte_mkdevmap"] else {
      return incompleteDevmap(probe, configuration)
    }
    let words = Self.devmapWords
    let questions = (0..<4).flatMap { number in
      words.map {
        ProbeRunner.Question(
          mode: Architecture.riscv.modes[0], number: UInt64(number), argument: $0)
      }
    }
    switch try await stand.ask(extraction, named: "devmap", questions) {
    case .unbuildable(let message):
      return SeriesRow(
        .zoneDevice, .partial, by: .structure,
        evidence: "the devmap helpers (\(place)) do not compile: \(message)")
    case .answered(let answers):
      for (question, answer) in zip(questions, answers) {
        guard let wrong = Self.wrong(question, answer) else { continue }
        return SeriesRow(
          .zoneDevice, .partial, by: .behaviour, evidence: "\(wrong) (\(place))")
      }
      let evidence =
        "the devmap helpers set and test bit 9 and keep all other bits, from PTE to PMD and "
        + "back (\(place)); \(configuration.evidence)"
      switch configuration.status {
      case .unknown: return SeriesRow(.zoneDevice, unknown: evidence, by: .behaviour)
      case .follows, .missing, .notNeeded:
        let isMissing = configuration.status == .missing
        return SeriesRow(
          .zoneDevice, isMissing ? .partial : .present, by: .behaviour, evidence: evidence)
      }
    }
  }

  private func incompleteDevmap(
    _ probe: DevmapProbe, _ configuration: KconfigRows.Selected
  ) -> SeriesRow {
    let names = Set(probe.missing).union(["pgd_devmap"])
    let headers = ["pgtable.h", "pgtable-64.h", "pgtable-bits.h"].map { "\(Self.header)/\($0)" }
    let rest = text.row(
      on: .zoneDevice, without: names, in: headers, "\(Self.header) has no devmap helpers")
    guard rest.isKnown else { return rest }
    guard probe.places.isEmpty else {
      return SeriesRow(
        .zoneDevice, .partial, by: .structure,
        evidence: "the devmap helpers lack \(probe.missing.list); "
          + configuration.evidence)
    }
    switch configuration.status {
    case .notNeeded:
      return SeriesRow(
        .zoneDevice, .notNeeded, by: .structure,
        evidence: "\(configuration.evidence), and nothing requires devmap helpers")
    case .unknown:
      return SeriesRow(.zoneDevice, unknown: "\(rest.evidence); \(configuration.evidence)")
    case .follows, .missing:
      return SeriesRow(
        .zoneDevice, configuration.status == .follows ? .partial : .absent, by: .structure,
        evidence: "\(rest.evidence); \(configuration.evidence)")
    }
  }

  /// Bit 9 of an entry: the second software bit of RISC-V.
  private static let devmapBit: UInt64 = 1 << 9
  /// Leaves, an empty entry, one without access, one with every bit; each with and without bit 9.
  private static let devmapWords: [UInt64] = [
    0, 0xcf, 0x2000_00e7, 0x1cf, 0x0003_ffff_ffff_fce7, 0x21, ~(1 << 9),
  ].flatMap { [$0, $0 | devmapBit] }

  /// The error in an answer; nil when there is none.
  private static func wrong(
    _ question: ProbeRunner.Question, _ answer: ProbeRunner.Answer?
  ) -> String? {
    let word = question.argument
    let isSet: UInt64 = word & devmapBit == 0 ? 0 : 1
    let names = [
      "pte_mkdevmap", "pmd_mkdevmap", "pte_mkdevmap of a PMD", "pud_devmap",
    ]
    let name = names[Int(question.number)]
    guard let answer else { return "\(name)(\(hex(word))) does not return" }
    if question.number == 3 {
      let isRight = answer.first == 0 || answer.first == isSet
      return isRight ? nil : "pud_devmap(\(hex(word))) is \(answer.first)"
    }
    guard answer.first == word | devmapBit else {
      return "\(name)(\(hex(word))) gives \(hex(answer.first)), not \(hex(word | devmapBit))"
    }
    guard answer.second == isSet | 2 else {
      return "\(question.number == 0 ? "pte" : "pmd")_devmap does not distinguish \(hex(word)) "
        + "from \(hex(word | devmapBit))"
    }
    return nil
  }
}
