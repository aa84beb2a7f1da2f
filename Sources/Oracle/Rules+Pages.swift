// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The owners of page frames over a whole case: those of the image, and the released pages.
struct PageOwnership {
  private let frames: [FrameRange]
  private let altmaps: [AltmapState]
  /// Frames that `free_reserved_page` released; they belong to the page allocator from then on.
  private var released: [Range<UInt64>] = []

  init(_ image: borrowing MachineImage) {
    frames = image.frames
    altmaps = image.altmaps
  }

  func owner(of pfn: UInt64) -> PageOwner {
    guard let range = frames.first(where: { pfn &- $0.pfn < $0.count }) else { return .allocator }
    let owner = PageOwner(rawValue: range.owner) ?? .allocator
    return owner == .reserved && released.contains { $0.contains(pfn) } ? .allocator : owner
  }

  /// The number of the altmap whose device contains a frame; nil if there is none.
  func altmap(holding pfn: UInt64) -> Int? {
    altmaps.firstIndex { pfn >= $0.basePFN && pfn <= $0.endPFN }.map { $0 + 1 }
  }

  mutating func release(_ pfn: UInt64, _ count: UInt64) {
    released.append(pfn..<(pfn &+ max(1, count)))
  }
}

/// The rules for the memory behind removed parts of the memmap.
struct BackingRules {
  /// Pages that may be freed once each.
  private struct Credit {
    var pfn: UInt64
    var pages: UInt64
    /// The time from which no entry points to them.
    var time: Int
    /// The number of the altmap given for them, from 1; 0 is none.
    var altmap: Int
    var taken: UInt64 = 0
  }

  private let step: JudgedCall
  private let replay: StepReplay
  private var credits: [Credit] = []
  /// All credits before this one are used up, because frees roughly follow the order of the clears.
  private var firstOpen = 0
  private(set) var violations: [Violation] = []

  /// Judges a call and enters the released pages in the ledger.
  init(_ step: JudgedCall, _ replay: StepReplay, _ ledger: inout PageOwnership) {
    self.step = step
    self.replay = replay
    credits = Self.credits(step, replay)
    for free in replay.frees { judge(free, &ledger) }
    if step.ending == nil {
      judgeCredits(ledger)
      judgeHeld()
    }
  }

  private static func credits(_ step: JudgedCall, _ replay: StepReplay) -> [Credit] {
    let altmap = Int(step.operation.altmap)
    if step.function == .freeVmemmapStorage {
      // get_order() rounds up to a power of two.
      let pages = (step.operation.end + AddressLayout.pageSize - 1) >> AddressLayout.pageShift
      let block: UInt64 =
        pages <= 1 ? 1 : 1 << UInt64(UInt64.bitWidth - (pages - 1).leadingZeroBitCount)
      return [Credit(pfn: step.operation.start, pages: block, time: -1, altmap: altmap)]
    }
    if let duties = step.memmapDuties { return credits(step, replay, duties) }
    guard step.removal?.isVmemmap == true else { return [] }
    return replay.clearedLeaves.map {
      Credit(pfn: $0.pfn, pages: $0.pages, time: $0.time, altmap: altmap)
    }
  }

  /// With a live core: the memory behind cleared leaves of the memmap, and blocks that an add allocated
  /// and that back nothing afterwards.
  private static func credits(
    _ step: JudgedCall, _ replay: StepReplay, _ duties: ExpectedMemmap
  ) -> [Credit] {
    var credits: [Credit] = []
    let leaves = Dictionary(
      step.before.translations.leaves.filter(duties.holds).map { ($0.table << 16 | $0.slot, $0) }
    ) { first, _ in first }
    for cleared in replay.clearedLeaves {
      guard let leaf = leaves[cleared.table << 16 | cleared.slot] else { continue }
      let isBoot = duties.boot.touches(leaf, in: step.layout)
      let pages = leaf.size >> AddressLayout.pageShift
      credits.append(
        Credit(
          pfn: cleared.pfn, pages: pages, time: cleared.time,
          altmap: isBoot ? 0 : Int(step.operation.altmap)))
    }
    guard step.function == .archAddMemory else { return credits }
    let mapped = Set(
      step.after.translations.leaves.filter(duties.holds)
        .map { Architecture.riscv.entryBits.pfn(of: $0.word) })
    for event in step.events
    where event.kind == EventKind.allocate.rawValue && event.b > 0 && !mapped.contains(event.a) {
      credits.append(Credit(pfn: event.a, pages: 1 << min(event.b, 40), time: -1, altmap: 0))
    }
    return credits
  }

  private var givesBack: Bool {
    step.removal?.isVmemmap == true || step.function == .freeVmemmapStorage
      || step.memmapDuties != nil
  }

  private mutating func judge(_ free: StepReplay.Free, _ ledger: inout PageOwnership) {
    var pfn = free.pfn
    var rest = free.count
    while rest > 0 {
      while firstOpen < credits.count, credits[firstOpen].taken >= credits[firstOpen].pages {
        firstOpen += 1
      }
      guard
        let place = credits[firstOpen...].firstIndex(where: {
          holds($0, pfn) && $0.taken < $0.pages
        })
      else {
        let isAgain = credits.contains { holds($0, pfn) }
        return note(isAgain ? .freedTwice : .foreignPageFreed, .pages(pfn: pfn, count: rest))
      }
      let credit = credits[place]
      if credit.time > free.time { note(.freedWhileLinked, .pages(pfn: pfn, count: rest)) }
      let owner = ledger.owner(of: pfn)
      if owner == .altmap && credit.altmap == 0 {
        note(.wrongAllocator, .foreignBacking(pfn: pfn, altmap: 0))
      } else if owner == .altmap || (owner == .reserved) != free.isReserved {
        note(.wrongAllocator, .pages(pfn: pfn, count: rest))
      }
      if !free.isReserved, pfn != credit.pfn || rest != credit.pages {
        credits[place].taken = credit.pages
        return note(.wrongOrder, .pages(pfn: pfn, count: rest))
      }
      let part = min(rest, credit.pfn &+ credit.pages &- pfn)
      credits[place].taken += part
      if free.isReserved { ledger.release(pfn, part) }
      pfn &+= part
      rest -= part
    }
  }

  /// Each entry of the memmap holds its page once. A page that is still held when no entry points to it
  /// any more is leaked.
  private mutating func judgeHeld() {
    guard replay.frees.contains(where: \.isHeld) else { return }
    let mapped = Set(
      step.after.translations.leaves.map { Architecture.riscv.entryBits.pfn(of: $0.word) })
    var settled: Set<UInt64> = []
    for free in replay.frees.reversed() {
      guard settled.insert(free.pfn).inserted, free.isHeld, !mapped.contains(free.pfn) else {
        continue
      }
      return note(.backingLeaked, .pages(pfn: free.pfn, count: 1))
    }
  }

  private func holds(_ credit: Credit, _ pfn: UInt64) -> Bool {
    pfn &- credit.pfn < credit.pages
  }

  private mutating func judgeCredits(_ ledger: PageOwnership) {
    var expected = [UInt64](repeating: 0, count: step.image.altmaps.count)
    var foreign: [Credit] = []
    let altmap = Int(step.operation.altmap)
    if givesBack {
      for credit in credits {
        guard credit.altmap >= 1, credit.altmap <= expected.count else {
          if credit.taken < credit.pages {
            note(
              .backingLeaked,
              .pages(pfn: credit.pfn &+ credit.taken, count: credit.pages - credit.taken))
          }
          continue
        }
        expected[credit.altmap - 1] += credit.pages
        let device = ledger.altmap(holding: credit.pfn)
        if device.map({ $0 != credit.altmap }) ?? (ledger.owner(of: credit.pfn) != .altmap) {
          foreign.append(credit)
          // This call cannot give back another device's pages, but it can free RAM.
          if device == nil, ledger.owner(of: credit.pfn) != .altmap, credit.taken < credit.pages {
            note(.backingLeaked, .foreignBacking(pfn: credit.pfn, altmap: credit.altmap))
          }
        }
      }
      // The function takes bytes and counts whole pages; no caller passes less.
      if step.function == .freeVmemmapStorage, altmap >= 1, altmap <= expected.count {
        expected[altmap - 1] = step.operation.end >> AddressLayout.pageShift
      }
      judgeForeign(foreign, &expected)
    }
    if step.function == .archAddMemory, let duties = step.memmapDuties {
      return judgeAdded(duties)
    }
    if step.function.populates, altmap >= 1, altmap <= expected.count {
      let new = step.before.translations.changes(to: step.after.translations).new
      for leaf in new { expected[altmap - 1] &-= leaf.size >> AddressLayout.pageShift }
    }
    for (index, pages) in expected.enumerated() {
      let before = step.before.altmapAllocs[index]
      let actual = before &- step.after.altmapAllocs[index]
      if actual == pages, actual > before, givesBack {
        note(.altmapUnbalanced, .underflow(index + 1, had: before, gets: actual))
      } else if actual != pages {
        note(.altmapUnbalanced, .altmap(index + 1, expected: pages, actual: actual))
      }
    }
  }

  /// Judges leaves that do not belong to the given altmap; its count must not include them.
  private mutating func judgeForeign(_ foreign: [Credit], _ expected: inout [UInt64]) {
    guard let first = foreign.first else { return }
    let number = first.altmap - 1
    let pages = foreign.reduce(0) { $0 &+ $1.pages }
    let gets = step.before.altmapAllocs[number] &- step.after.altmapAllocs[number]
    let own =
      step.function == .freeVmemmapStorage
      ? 0 : expected[number] >= pages ? expected[number] - pages : 0
    if gets == own {
      expected[number] = own
    } else {
      note(.altmapUnbalanced, .foreignBacking(pfn: first.pfn, altmap: first.altmap))
    }
  }

  /// An add that takes pages from an altmap restarts its count: afterwards it counts the pages behind
  /// new leaves. An add that takes none leaves the count or resets it.
  private mutating func judgeAdded(_ duties: ExpectedMemmap) {
    let allocated = step.events.filter { $0.kind == EventKind.allocate.rawValue }.map(\.a)
    let ram = Set(allocated)
    // Pages that no allocator gave belong to the device.
    let own = step.before.translations.changes(to: step.after.translations).new.filter {
      duties.holds($0) && !ram.contains(Architecture.riscv.entryBits.pfn(of: $0.word))
    }
    let pages = own.reduce(0) { $0 + $1.size >> AddressLayout.pageShift }
    for index in step.image.altmaps.indices {
      let (before, actual) = (step.before.altmapAllocs[index], step.after.altmapAllocs[index])
      let isNamed = Int(step.operation.altmap) == index + 1
      let isRight =
        isNamed && pages > 0 ? actual == pages : actual == before || isNamed && actual == 0
      if !isRight {
        note(
          .altmapUnbalanced,
          .altmap(index + 1, expected: 0 &- (isNamed ? pages : 0), actual: before &- actual))
      }
    }
  }

  private mutating func note(_ rule: OracleRule, _ evidence: Violation.Evidence) {
    violations.append(step.violation(rule, evidence))
  }
}
