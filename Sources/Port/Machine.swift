// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The error for an operation that does not return; `Machine.ending` holds the ending.
struct Halt: Error {}

/// The kernel around the hotplug code, as far as that code can see it: memory, pages, globals, and a
/// trace of the changes to them. It behaves like the simulated C machine.
struct Machine: ~Copyable {
  /// The maximum number of events in a case, as in the C machine.
  static let traceCapacity = 1 << 20
  /// The maximum for images with tables beyond `Pool.guardedTables`.
  static let largeTraceCapacity = 1 << 24
  /// The maximum number of altmaps.
  static let altmapCapacity = 8
  /// The maximum number of pgmaps.
  static let pgmapCapacity = 4

  let fixes: UpstreamFixes
  let options: KernelOptions
  /// `mends` holds for the next case; `met` are those that made, or would have made, a difference in the
  /// last.
  var mends: UpstreamMends = []
  var met: UpstreamMends = []
  /// Loop passes after which an operation counts as hung.
  let stepLimit: Int
  let bits = Architecture.riscv.entryBits
  // Masks of `bits` that every walk needs.
  let pfnMask = Architecture.riscv.entryBits.pfnMask
  let pfnShift = Architecture.riscv.entryBits.pfnShift
  let presentOrLeaf = Architecture.riscv.entryBits.present | Architecture.riscv.entryBits.leaf

  // Constants of the loaded layout, in fields of their own because every walk needs them.
  var layout: AddressLayout
  var isL4Enabled = false
  var isL5Enabled = false
  var p4dShift: UInt64 = 0
  var pgdirShift: UInt64 = 0
  var linearOffset: UInt64 = 0
  var poolBasePFN: UInt64 = 0

  var memory = TableMemory()
  var tables = Buffer<TableRecord>()
  /// Whether an entry points to a page of the pool that held no table at the time of the store.
  var hasEarlyPointers = false
  var frames = Buffer<FrameRange>()
  var lastFrame = 0
  /// Frames that `free_reserved_page` released, as runs in the order of their release.
  var released = Buffer<FrameRun>()

  var maxPFN: UInt64 = 0
  var maxLowPFN: UInt64 = 0
  var altmapAllocs = Buffer<UInt64>(capacity: altmapCapacity)
  var altmapAligns = Buffer<UInt64>(capacity: altmapCapacity)
  /// The other fields of the altmaps, which do not change.
  var altmaps = Buffer<AltmapState>(capacity: altmapCapacity)
  var altmapCount = 0
  var pgmaps = Buffer<PgmapState>(capacity: pgmapCapacity)
  var addPagesResult: Int32 = 0
  var hasLiveCore = false
  /// The sections with present sub-sections, by number.
  var sections = Buffer<SectionState>()
  var allocationBudget: UInt32 = 0
  /// Requests so far, failed ones included, and the number of the request that is made to fail.
  var allocations: UInt32 = 0
  var failingAllocation: UInt32 = 0
  /// Pages of `Blocks` that were handed out or lost to alignment.
  var blockPages: UInt64 = 0
  var isDebugPagealloc = false

  var operations = Buffer<Operation>()
  var runningOperation = 0
  var stepsLeft = 0
  var events = Buffer<Event>()
  var traceLimit = traceCapacity
  var ending = Ending()

  /// The state of a table's page beside its words.
  struct TableRecord: BitwiseCopyable {
    var life: PageLife
    /// Whether `free_reserved_page` released it, so that it is no longer reserved.
    var isReleased = false
    /// References beyond that of the allocation: `get_page` calls minus references that frees dropped.
    var references: UInt32 = 0
    /// The number of the word that points to this table, if it is known; else -1.
    var parentHint: Int32 = -1

    /// Bytes before `life`.
    static let lifeOffset = MemoryLayout<TableRecord>.offset(of: \.life) ?? 0
  }

  /// Neighbouring page frames.
  struct FrameRun: BitwiseCopyable {
    var first: UInt64
    var count: UInt64
  }

  init(fixes: UpstreamFixes, options: KernelOptions, stepLimit: Int) {
    self.fixes = fixes
    self.options = options
    self.stepLimit = stepLimit
    layout = AddressLayout(mode: Architecture.riscv.modes[0])
    setLayout(layout)
  }

  private mutating func setLayout(_ new: AddressLayout) {
    layout = new
    isL4Enabled = new.mode.isL4Enabled
    isL5Enabled = new.mode.isL5Enabled
    p4dShift = new.shift(of: .p4d)
    pgdirShift = new.shift(of: .pgd)
    linearOffset = new.linearOffset
    poolBasePFN = Pool.basePFN(in: new)
  }

  /// Sets everything to the state of an image and drops the previous state.
  ///
  /// - Precondition: the image comes from lowering: at most `Pool.capacity` tables and `altmapCapacity`
  ///   altmaps, runs only in existing tables and in slots up to 511.
  mutating func load(_ image: borrowing MachineImage) {
    if image.layout != layout { setLayout(image.layout) }
    precondition(image.altmaps.count <= Self.altmapCapacity, "more altmaps than a machine holds")
    memory.reset(tables: image.tables.count, entriesPerTable: layout.entriesPerTable)
    tables.removeAll()
    hasEarlyPointers = false
    for state in image.tables {
      tables.append(
        TableRecord(
          life: PageLife(
            level: state.level, owner: state.owner, live: 1,
            constructed: state.constructed == 0 ? 0 : 1)))
    }
    traceLimit =
      image.tables.count > Pool.guardedTables ? Self.largeTraceCapacity : Self.traceCapacity
    for run in image.runs { load(run) }
    frames.set(to: image.frames)
    lastFrame = 0
    released.removeAll()
    maxPFN = image.maxPFN
    maxLowPFN = image.maxLowPFN
    altmapCount = image.altmaps.count
    altmapAllocs.removeAll()
    altmapAligns.removeAll()
    for number in 0..<Self.altmapCapacity {
      altmapAllocs.append(number < altmapCount ? image.altmaps[number].alloc : 0)
      altmapAligns.append(number < altmapCount ? image.altmaps[number].align : 0)
    }
    altmaps.set(to: image.altmaps)
    pgmaps.set(to: image.pgmaps)
    addPagesResult = image.addPagesResult
    hasLiveCore = image.hasLiveCore
    precondition(
      image.sections.count <= SectionState.capacity, "more sections than a machine holds")
    sections.set(to: image.sections)
    allocationBudget = image.allocationBudget
    failingAllocation = image.failingAllocation
    allocations = 0
    blockPages = 0
    isDebugPagealloc = image.isDebugPagealloc
    operations.set(to: image.operations)
    runningOperation = 0
    met = []
    events.removeAll()
    ending = Ending()
  }

  private mutating func load(_ run: TableRun) {
    let (first, count) = (Int(run.slot), Int(run.count))
    memory.fill(table: Int(run.table), from: first, count: count, with: run.word, step: run.step)
    // If the step does not change the bits below the PFN, all words of the run are leaves or none is.
    if run.step % (1 << pfnShift) == 0, !isTable(run.word) { return }
    let base = Int(run.table) * Pool.wordsPerPage
    for slot in first..<max(first, min(first + count, memory.entriesPerTable)) {
      noteParent(at: base + slot, of: memory[word: base + slot])
    }
  }

  /// Counts one more pass of a loop of the subject and ends an operation that does not return.
  @inline(__always)
  mutating func step() throws(Halt) {
    stepsLeft &-= 1
    if stepsLeft < 0 { throw halt(Ending(.hang)) }
  }

  /// Stores the ending of the case; the caller throws the result.
  @inline(never)
  mutating func halt(_ how: Ending) -> Halt {
    ending = how
    ending.operation = UInt32(truncatingIfNeeded: runningOperation)
    return Halt()
  }
}
