// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

extension SeriesProbes {
  /// The paths through a dump that are tried: the usual one, nothing to dump, a full output buffer, no
  /// buffer at all, and no description of the dump.
  private static let variants: Range<UInt64> = 0..<5
  /// The last path, which upstream's text rules out: it may fault, but must not return with the lock held.
  private static let unlikely: UInt64 = 4

  private static let architecture = "arch/riscv/mm/ptdump.c"
  private static let generic = "mm/ptdump.c"
  private static let words: Set<String> = [
    "get_online_mems", "put_online_mems", "ptdump_show", "ptdump_walk_pgd",
  ]

  /// The row where the generic walk, which takes the lock in newer kernels, is not completely visible; nil
  /// when it is known to take none.
  private func genericRow() -> SeriesRow? {
    let row = text.row(on: .dumpLock, without: Self.words, in: [Self.generic], "")
    guard !row.isKnown else { return nil }
    return SeriesRow(
      .dumpLock,
      unknown: "arch/riscv takes no lock, and the generic walk may: " + row.evidence)
  }

  /// The use of the lock in one function.
  private enum Lock: Sendable {
    /// Held in every walk, and released on every path.
    case held
    /// Never taken.
    case none
    /// Held in some walks only, or not released; a sentence.
    case broken(String)
    case unbuildable(String)
  }

  /// Whether dumps of the kernel's page tables hold the memory-hotplug lock, on every path.
  func dumpLock() async throws(Failure) -> SeriesRow {
    let probe: DumpProbe
    do throws(Failure) {
      probe = try DumpProbe(text, stubs: stubs)
    } catch {
      return SeriesRow(.dumpLock, .partial, by: .structure, evidence: error.message)
    }
    let dumps = probe.entries.filter(\.isDump)
    guard !dumps.isEmpty else {
      return text.row(
        on: .dumpLock, without: Self.words,
        in: [Self.architecture] + (text.isPatches ? [Self.generic] : []),
        "\(Self.architecture) has no function that dumps the kernel's page tables")
    }
    var isGeneric = false
    for (index, entry) in dumps.enumerated() {
      var lock = try await seen(entry.alone, named: "dump-\(index)")
      if case .none = lock, let extraction = entry.withGeneric {
        lock = try await seen(extraction, named: "dump-generic-\(index)")
        isGeneric = true
      }
      switch lock {
      case .held: continue
      case .none:
        if probe.genericPlace == nil, let row = genericRow() { return row }
        return SeriesRow(
          .dumpLock, .absent, by: .behaviour,
          evidence: "\(entry.name) walks the page tables without the memory-hotplug lock "
            + "(\(entry.place))")
      case .broken(let sentence):
        return SeriesRow(
          .dumpLock, .partial, by: .behaviour,
          evidence: "\(entry.name) \(sentence) (\(entry.place))")
      case .unbuildable(let message):
        return SeriesRow(
          .dumpLock, .partial, by: .structure,
          evidence: "\(entry.name) (\(entry.place)) cannot be run: \(message)")
      }
    }
    let names = dumps.map(\.name).list
    if isGeneric, let place = probe.genericPlace {
      let hasHotplug = !HotplugPresence(text).isEmpty
      return SeriesRow(
        .dumpLock, hasHotplug ? .present : .notNeeded, by: .behaviour,
        evidence: "the generic ptdump_walk_pgd holds the memory-hotplug lock in every walk that "
          + "\(names) makes, and releases it (\(place))")
    }
    return SeriesRow(
      .dumpLock, .present, by: .behaviour,
      evidence:
        "\(names) holds the memory-hotplug lock in every walk and releases it on every path "
        + "(\(dumps[0].place))")
  }

  private func seen(
    _ extraction: Extraction, named name: String
  ) async throws(Failure) -> Lock {
    let questions = Self.variants.map {
      ProbeRunner.Question(mode: Architecture.riscv.modes[0], number: $0, argument: 0)
    }
    switch try await stand.ask(extraction, named: name, questions) {
    case .unbuildable(let message): return .unbuildable(message)
    case .answered(let answers):
      var (walks, held, taken) = (0, 0, 0)
      for (question, answer) in zip(questions, answers) {
        guard let answer else {
          if question.number == Self.unlikely { continue }
          return .broken("does not return")
        }
        let depth = Int32(truncatingIfNeeded: answer.second)
        guard depth <= 0 else { return .broken("returns with the memory-hotplug lock held") }
        guard depth == 0 else {
          return .broken("releases a memory-hotplug lock that it never took")
        }
        walks += Int(answer.first >> 32)
        held += Int(answer.first & 0xffff_ffff)
        taken += Int(answer.second >> 32)
      }
      if walks == 0 { return .broken("walks no page tables") }
      if held == walks { return .held }
      return taken == 0 && held == 0
        ? .none : .broken("holds the memory-hotplug lock in \(held) of \(walks) walks")
    }
  }
}

/// The entry points of memory hotplug that a subject defines.
struct HotplugPresence {
  private let names: [String]

  init(_ text: SubjectText) {
    names = (try? HotplugSections(text))?.entries.filter { $0.hasPrefix("arch_") } ?? []
  }

  var isEmpty: Bool { names.isEmpty }
}
