// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// States that no kernel makes, except through another bug. Some of the cases are bent after they are built.
/// Most bends leave the behaviour of the code defined, so that both sides finish.
extension RandomScene {
  /// Bends the tables, their owners, the altmaps or the globals, one to three times.
  mutating func bendTables() {
    for _ in 0..<random.within(1...3 as ClosedRange<Int>) {
      switch random.below(16) {
      case 0...2: leaveWord()
      case 3...4: flipOwner()
      case 5: mixOwners()
      case 6: emptyTable()
      case 7...8: fillTable()
      case 9: leaveLeaf()
      case 10...11: bendAltmap()
      case 12: exchangeOwners()
      case 13: shareTable()
      default:
        globals.maxPFN = random.one(of: 0, 1, globals.maxPFN + 1, random.next())
        if random.percent(50) { globals.maxLowPFN = random.below(0x10_0000) }
      }
    }
    deeds.insert("bent tables", at: 0)
  }

  /// Bends one of the calls. Its range becomes slightly off, or moves to the end of its area. It still is one
  /// that a kernel may call with.
  mutating func bendCalls() {
    guard !operations.isEmpty else { return }
    let index = Int(random.below(UInt64(operations.count)))
    var call = operations[index]
    let page = AddressLayout.pageSize
    let function = call.function
    switch function.purpose {
    case .unmaps where function.hasVirtualRange && !function.takes(.base):
      switch random.below(3) {
      case 0 where (call.end ?? 0) &- (call.start ?? 0) > page:
        call.start = (call.start ?? 0) &+ page
      case 1: call.end = (call.end ?? 0) &+ page
      default:
        let isMemmap = function.hasMemmapRange || call.isVmemmap == true
        let end = isMemmap ? layout.vmemmapEnd : layout.pageOffset &+ layout.kernVirtSize
        call.end = end
        call.start = end &- random.within(1...1024 as ClosedRange<UInt64>) * page
      }
    case .unmaps where function.hasPhysicalRange, .removesMemory:
      switch random.below(3) {
      case 0: call.size = (call.size ?? 0) + page
      case 1: call.start = (call.start ?? 0) + page
      default:
        // The last page in the window of the linear map.
        call.start = layout.ramBase &+ layout.kernVirtSize &- page
        call.size = page
      }
      let room = layout.ramBase &+ layout.kernVirtSize &- (call.start ?? 0)
      guard room > 0 else { return }
      call.size = min(call.size ?? 0, room)
    case .addsMemory where (call.size ?? 0) < Self.mostByPages || random.percent(50):
      call.size = random.one(of: page, 2 * page)
    default: return
    }
    operations[index] = call
    deeds.append("one call bent")
  }

  /// Leaves a word that is neither present nor zero. Most often it is in a pte table, because upstream walks
  /// such a word as a table when it adds memory.
  private mutating func leaveWord() {
    let level: Level = random.weighted((5, .pte), (4, .pmd), (2, .pud))
    guard let number = random.pick(numbers(of: level)) else { return }
    let slot = slot()
    if case .table? = tables.value(of: number, slot: slot) { return }
    let words = [Bits.swap, Bits.absentLeaf, Bits.accessedOnly, 1 << 63, Bits.protNoneLeaf]
    tables.set(number, slot: slot, to: .raw(random.pick(words) ?? Bits.swap))
  }

  /// Leaves one leaf in a table that could otherwise be freed.
  private mutating func leaveLeaf() {
    guard let number = random.pick(numbers(of: random.one(of: .pte, .pmd))) else { return }
    let slot = slot()
    guard tables.value(of: number, slot: slot) == nil else { return }
    let pfn = pages(1, aligned: 512, isReserved: false)
    tables.set(number, slot: slot, to: .leaf(pfn: pfn, protection: Bits.software))
  }

  private mutating func emptyTable() {
    guard let number = random.pick(numbers(of: random.one(of: .pte, .pmd))) else { return }
    tables.removeEntries(of: number)
  }

  private mutating func fillTable() {
    let level: Level = random.one(of: .pte, .pmd)
    guard let number = random.pick(numbers(of: level)) else { return }
    let pages: UInt64 = layout.size(of: level) >> AddressLayout.pageShift
    tables.fill(
      number, slot: 0, count: layout.entriesPerTable,
      pfn: self.pages(pages, aligned: pages, isReserved: false), protection: Bits.kernel)
  }

  private mutating func flipOwner() {
    guard tables.drafts.count > 1 else { return }
    let number = random.within(1...tables.drafts.count - 1)
    let table = tables.drafts[number].table
    if random.percent(60) {
      tables.setOwner(of: number, to: table.owner == .reserved ? .allocator : .reserved)
    } else {
      tables.setConstructed(number, to: !table.isConstructed)
    }
  }

  /// Changes the owner of the second part of a run of frames. The cut may be inside a leaf.
  private mutating func mixOwners() {
    guard !frames.isEmpty else { return }
    let index = Int(random.below(UInt64(frames.count)))
    let run = frames[index]
    let kept = random.below(run.count)
    let owners: [PageOwner] = [.allocator, .reserved, .altmap]
    let rest = Scenario.Frames(
      pfn: run.pfn + kept, count: run.count - kept, owner: random.pick(owners) ?? .allocator)
    if kept == 0 {
      frames[index] = rest
    } else {
      frames[index].count = kept
      frames.append(rest)
    }
  }

  private mutating func bendAltmap() {
    guard !altmaps.isEmpty else { return }
    let index = Int(random.below(UInt64(altmaps.count)))
    switch random.below(4) {
    case 0: altmaps[index].alloc = altmaps[index].alloc &+ 1
    case 1: altmaps[index].alloc = altmaps[index].alloc &- 1
    case 2: altmaps[index].endPFN &+= 1
    default: altmaps[index].free &+= 1
    }
  }

  /// Exchanges the owners of two tables of a level.
  private mutating func exchangeOwners() {
    guard tables.drafts.count > 2 else { return }
    let one = random.within(1...tables.drafts.count - 1)
    let others = numbers(of: tables.drafts[one].table.level)
    guard let other = random.pick(others) else { return }
    let owner = tables.drafts[one].table.owner
    tables.setOwner(of: one, to: tables.drafts[other].table.owner)
    tables.setOwner(of: other, to: owner)
  }

  /// Makes a second entry point to a pte table, as DAX maps a tail page of its memmap many times.
  private mutating func shareTable() {
    guard let number = random.pick(numbers(of: .pte)) else { return }
    let parent = tables.drafts[number].parent
    let slot = min(parent.slot + 1, layout.entriesPerTable - 1)
    guard tables.value(of: parent.table, slot: slot) == nil else { return }
    tables.set(parent.table, slot: slot, to: .table(number))
  }
}
