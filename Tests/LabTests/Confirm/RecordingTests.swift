// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

@testable import Cases
@testable import Lab
@testable import Machine
@testable import Oracle
@testable import Port

/// Recordings of Debian's kernels by `mhpcheck confirm --keep`: their behaviour as seen from outside.
enum Recordings {
  static let folder = Repository.url("Tests/Fixtures/recordings")

  /// The names of the recordings, sorted.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func read(_ name: String) throws -> KernelRecording {
    let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(KernelRecording.self, from: data)
  }
}

@Suite("The recording of a kernel")
struct RecordingTests {
  @Test("matches the port's prediction", arguments: Recordings.names)
  func agrees(name: String) throws {
    let judged = CaseJudge.judge(try Recordings.read(name))
    #expect(judged.status == .agrees, "\(judged.disagreements)")
    #expect(judged.steps.map(\.title) == judged.confirmCase.steps.map(\.title))
    #expect(judged.steps.map(\.leaves).max() ?? 0 > 0)
    #expect(judged.steps.map(\.tables).max() ?? 0 > 0)
    #expect(judged.steps.map(\.events).max() ?? 0 > 0)
  }

  @Test("shows the predicted hazards, in the kernel's own words if it prints any")
  func hazards() throws {
    func seen(_ name: String) throws -> [Hazard.ID: SeenHazard] {
      Dictionary(
        CaseJudge.judge(try Recordings.read(name)).hazards.filter { $0.seen != nil }
          .map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let h1 = try #require(try seen("6.12-section-two-regions@sv48")[.h1])
    #expect(h1.lines.first?.hasPrefix("Unable to handle kernel paging request") == true)
    let h2 = try #require(try seen("6.12-again-optimised-for-dax@sv57")[.h2])
    #expect(h2.seen?.contains("nr_page_table_pages goes from") == true)
    #expect(try seen("6.12-top-below-boot-memory@sv39")[.h3] != nil)
    #expect(try seen("6.12-linear-gib-and-a-half@sv48")[.h8] != nil)
    // 7.2 has a constructor for PUD tables: the count grows by one per cycle, in 20 cycles.
    let h9 = try #require(try seen("7.2-again-tables-of-every-level@sv57")[.h9])
    #expect(h9.step == "20 cycles of 0")
    let h11 = try #require(try seen("6.12-failure-altmap-off-a-section@sv39")[.h11])
    #expect(h11.lines.contains("failed to free all reserved pages"))
  }

  @Test("does not match the text as merged where the fixes matter")
  func asMerged() throws {
    // 21f1b85c8912: on Sv57 the removal of a PMD table of the memmap runs a destructor too many.
    let far = try Recordings.read("6.12-linear-560-gib-up@sv57")
    let judged = CaseJudge.judge(far, fixes: .latest.subtracting(.noVmemmapPmdDestructor))
    #expect(judged.disagreements.contains { $0.place == "nr_page_table_pages" })
    // a0188cc13369: on Sv39 the walk leaves the root.
    let narrow = try Recordings.read("6.12-top-below-boot-memory@sv39")
    let merged = CaseJudge.judge(narrow, fixes: .latest.subtracting(.foldedEntryIsBase))
    #expect(merged.disagreements.contains { $0.aspect == .outcome })
  }

  @Test("reveals a missing fix if the text without it behaves like the kernel")
  func missingFix() throws {
    // Counts like a kernel without 21f1b85c8912: the removal of the memmap's PMD table decrements the count
    // once more.
    var recording = try Recordings.read("6.12-linear-560-gib-up@sv57")
    let removal = try #require(recording.steps.lastIndex { $0.step.action == .remove })
    recording.steps[removal].after?.pageTablePages -= 1
    let judged = CaseJudge.judge(recording)
    #expect(judged.status == .disagrees)
    #expect(judged.missingFixes == ["21f1b85c8912"])
    #expect(
      CaseJudge.judge(try Recordings.read("6.12-linear-560-gib-up@sv57")).missingFixes.isEmpty)
  }

  @Test("does not match another step, another address or another kernel")
  func shuffled() throws {
    let real = try Recordings.read("6.12-linear-gib-and-a-half@sv48")
    func aspects(_ change: (inout KernelRecording) -> Void) -> Set<ConfirmCase.Aspect> {
      var other = real
      change(&other)
      return Set(CaseJudge.judge(other).disagreements.map(\.aspect))
    }
    let none = aspects { _ in }
    #expect(none.isEmpty)
    let undone = aspects { $0.steps[0].after = $0.start }
    #expect(undone.isSuperset(of: [.tables, .counters, .globals]))
    let refused = aspects { $0.steps[0].outcome = .refused }
    #expect(refused == [.outcome])
    let kept = aspects { $0.steps[1].after = $0.steps[0].after }
    #expect(kept.contains(.tables))
    let moved = aspects { $0.confirmCase.regions[0].base += 0x20_0000 }
    #expect(moved.contains(.tables))
    let counted = aspects { $0.steps[0].after?.pageTablePages += 1 }
    #expect(counted == [.counters])
    let topped = aspects { $0.steps[1].after?.maxPFN += 1 }
    #expect(topped == [.globals])
    let unflushed = aspects { $0.steps[1].events.removeAll { $0.kind == .flushAll } }
    #expect(unflushed == [.events])
    let warned = aspects {
      $0.steps[0].messages.append("WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2")
    }
    #expect(warned == [.outcome])
    let unbuilt = aspects { recording in
      for place in recording.start.tables.count..<(recording.steps[0].after?.tables.count ?? 0) {
        recording.steps[0].after?.tables[place].isConstructed?.toggle()
      }
    }
    #expect(unbuilt == [.pages])
  }

  @Test("shows a single wrong leaf, down to its entry")
  func oneLeaf() throws {
    var recording = try Recordings.read("6.12-linear-gib-and-a-half@sv48")
    var tables = try #require(recording.steps[0].after?.tables)
    let place = try #require(
      tables.firstIndex { $0.level == .pmd && ($0.runs.last?.count ?? 0) > 100 })
    let run = try #require(tables[place].runs.last)
    // Makes one leaf read-only.
    tables[place].runs[tables[place].runs.count - 1].count -= 1
    let word = run.word &+ UInt64(run.count - 1) &* run.step
    tables[place].runs.append(
      .init(slot: run.slot + run.count - 1, word: word & ~Architecture.riscv.entryBits.write))
    recording.steps[0].after?.tables = tables
    let judged = CaseJudge.judge(recording)
    let found = try #require(judged.disagreements.first)
    #expect(judged.disagreements.count == 1)
    #expect(found.aspect == .tables)
    #expect(found.model.contains("protection 0xe7") && found.kernel.contains("protection 0xe3"))
  }

  @Test("shows a table that has moved to another page")
  func movedTable() throws {
    let bits = Architecture.riscv.entryBits
    var recording = try Recordings.read("6.12-linear-gib-and-a-half@sv48")
    var tables = try #require(recording.steps[0].after?.tables)
    let runs = recording.start.tables.flatMap(\.runs).filter { $0.count == 1 }
    // A table with a single pointer to it, in a run of its own.
    let old = try #require(
      recording.start.tables.dropFirst().map(\.pfn).first { pfn in
        runs.contains { $0.word == bits.tableWord(pfn: pfn) }
      })
    let moved: UInt64 = 0x9_abcd
    tables[try #require(tables.firstIndex { $0.pfn == old })].pfn = moved
    var pointers = 0
    for table in tables.indices {
      for run in tables[table].runs.indices {
        let word = tables[table].runs[run].word
        guard tables[table].runs[run].count == 1, word == bits.tableWord(pfn: old) else { continue }
        tables[table].runs[run].word = bits.tableWord(pfn: moved)
        pointers += 1
      }
    }
    #expect(pointers == 1)
    recording.steps[0].after?.tables = tables
    let found = CaseJudge.judge(recording).disagreements.first { $0.aspect == .tables }
    #expect(found?.model == "the table that was there before")
    #expect(found?.kernel == "another page, 0x9abcd")
  }

  @Test("from a stranger cannot crash the judge")
  func hostile() throws {
    let real = try Recordings.read("6.12-linear-gib-and-a-half@sv48")
    func judge(_ change: (inout KernelRecording) -> Void) -> ConfirmedCase {
      var other = real
      change(&other)
      return CaseJudge.judge(other)
    }
    #expect(judge { $0.mode = "sv32" }.status != .agrees)
    #expect(judge { $0.start.tables = [] }.status != .agrees)
    #expect(judge { $0.steps = [] }.status != .agrees)
    #expect(judge { $0.steps[0].after?.tables = [] }.status != .agrees)
    // A missing observation does not agree.
    #expect(judge { $0.steps[0].after = nil }.status != .agrees)
    #expect(judge { $0.steps.removeLast() }.status != .agrees)
    _ = judge {
      $0.start.memmapPages = .min; $0.steps[0].after?.memmapPages = .max
    }
    _ = judge { $0.vmemmapStartPFN = .max }
    _ = judge { $0.confirmCase.regions[0].base = .max - 0xfff }
    _ = judge { $0.confirmCase.regions[0].size = .max }
    _ = judge { $0.confirmCase.boot[0].size = .max }
    _ = judge { $0.confirmCase.steps[0].region = -1 }
    _ = judge { $0.steps[0].step.region = 99 }
    _ = judge { $0.steps[0].step = .init(.cycle, region: 0, times: .max) }
    _ = judge {
      $0.start.pageTablePages = .max; $0.steps[0].after?.pageTablePages = .min
    }
    _ = judge { $0.start.tables = Array(repeating: $0.start.tables[0], count: 100_000) }
    _ = judge { $0.release = "" }
  }
}
