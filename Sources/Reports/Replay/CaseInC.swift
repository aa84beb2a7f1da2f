// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A case and its correct outcome, as C data for `reproduce.h`.
struct CaseInC {
  let scenario: Scenario
  let image: MachineImage
  let naming: TableNames

  /// The initial state, the calls, and the calls as text.
  func before() -> String {
    let tables = image.tables.enumerated().map { number, table in
      ".level = \(level(table.level)), .owner = \(owner(table.owner)), "
        + ".constructed = \(table.constructed) }, /* table \(number) */"
    }
    let frames = image.frames.map {
      ".pfn = \(CText.hex($0.pfn)), .count = \($0.count)ULL, .owner = \(owner($0.owner)) },"
    }
    return list("mhp_table_state", "tables", tables)
      + "\n/* What stands in their entries: from `slot` on, `count` words, `step` from one to the next. */\n"
      + list("mhp_run", "entries", image.runs.map(run))
      + (image.frames.isEmpty ? "" : "\n" + list("mhp_frame_range", "frames", frames))
      + altmaps("altmaps", image.altmaps)
      + sections("sections", image.sections)
      + imageText + calls
  }

  /// The outcome of the reference.
  func outcome(_ reference: Observation) -> String {
    let events = reference.events.map { event in
      let fields =
        [("detail", UInt64(event.detail)), ("a", event.a), ("b", event.b), ("c", event.c)]
        + [("d", event.d)]
      let set = fields.filter { $0.1 != 0 }.map { ", .\($0.0) = \(CText.hex($0.1))" }
      return ".kind = \(kind(event.kind))\(set.joined()) }, "
        + "/* \(CText.comment(naming.phrase(event))) */"
    }
    let right = RightTables(reference, entries: image.layout.entriesPerTable)
    let tables = zip(reference.lives, right.arePoison).enumerated().map { number, table in
      ".life = { .level = \(level(table.0.level)), .owner = \(owner(table.0.owner)), "
        + ".live = \(table.0.live), .constructed = \(table.0.constructed) }, "
        + ".is_poison = \(table.1 ? 1 : 0) }, /* table \(number) */"
    }
    let ending = reference.ending
    let counts = zip(reference.altmapAllocs, reference.altmapAligns).map {
      ".alloc = \(CText.hex($0)), .align = \(CText.hex($1)) },"
    }
    return "/* What it does, in order. */\n" + list("mhp_event", "events", events)
      + "\n/* What it leaves: the tables' pages, and what stands in them. */\n"
      + list("mhp_right_table", "right_tables", tables) + "\n"
      + list("mhp_run", "right_entries", right.runs.map(run))
      + (counts.isEmpty ? "" : "\n" + list("mhp_altmap", "right_altmaps", counts))
      + sections("right_sections", reference.sections)
        + """

        static const struct mhp_right_outcome mhp_case_right = {
        \(member("events", "events", reference.events.count, count: "event_count"))\
        \t.ending = { .kind = \(ending.kind), .operation = \(ending.operation), \
        .table = \(ending.table) }, /* the reference \(CText.comment(naming.phrase(ending))) */
        \(member("tables", "right_tables", reference.lives.count, count: "table_count"))\
        \(member("runs", "right_entries", right.runs.count, count: "run_count"))\
        \(counts.isEmpty ? "" : "\t.altmaps = mhp_case_right_altmaps,\n")\
        \(member("sections", "right_sections", reference.sections.count, count: "section_count"))\
        \t.max_pfn = \(CText.hex(reference.maxPFN)),
        \t.max_low_pfn = \(CText.hex(reference.maxLowPFN)),
        };

        """
  }

  /// A static array, or a comment if there are no elements; each line is an element without its opening
  /// brace.
  func list(_ type: String, _ name: String, _ lines: [String]) -> String {
    guard !lines.isEmpty else { return "/* none */\n" }
    return "static const struct \(type) mhp_case_\(name)[] = {\n"
      + lines.map { "\t{ \($0)\n" }.joined() + "};\n"
  }

  private func member(_ member: String, _ name: String, _ items: Int, count: String) -> String {
    items == 0 ? "" : "\t.\(member) = mhp_case_\(name), .\(count) = \(items),\n"
  }

  private func run(_ run: TableRun) -> String {
    ".table = \(run.table), .slot = \(run.slot), .count = \(run.count), "
      + ".word = \(CText.hex(run.word))\(run.step == 0 ? "" : ", .step = \(CText.hex(run.step))") },"
  }

  private func altmaps(_ name: String, _ altmaps: [AltmapState]) -> String {
    guard !altmaps.isEmpty else { return "" }
    return "\n"
      + list(
        "mhp_altmap", name,
        altmaps.map {
          ".base_pfn = \(CText.hex($0.basePFN)), .end_pfn = \(CText.hex($0.endPFN)), "
            + ".reserve = \(CText.hex($0.reserve)), .free = \(CText.hex($0.free)), "
            + ".align = \(CText.hex($0.align)), .alloc = \(CText.hex($0.alloc)) },"
        })
  }

  private func sections(_ name: String, _ sections: [SectionState]) -> String {
    guard !sections.isEmpty else { return "" }
    return "\n"
      + list(
        "mhp_section", name,
        sections.map {
          ".number = \(CText.hex($0.number)), .subsections = \(CText.hex($0.subsections)), "
            + ".is_early = \($0.early) },"
        })
  }

  private var imageText: String {
    let layout = image.layout
    let addresses: [(String, UInt64)] = [
      ("page_offset", layout.pageOffset), ("ram_base", layout.ramBase),
      ("linear_offset", layout.linearOffset), ("kern_virt_size", layout.kernVirtSize),
      ("vmalloc_start", layout.vmallocStart), ("vmemmap_start", layout.vmemmapStart),
      ("vmemmap_start_pfn", layout.vmemmapStartPFN), ("page_end", layout.pageEnd),
      ("kernel_image_offset", layout.kernelImageOffset), ("linear_size", layout.linearSize),
    ]
    return """

      static const struct mhp_image mhp_case_image = {
      \t.layout = { /* \(layout.mode.name) */
      \t\t.index_bits = \(layout.indexBits), .levels = \(layout.mode.levelCount),
      \(addresses.map { "\t\t.\($0.0) = \(CText.hex($0.1)),\n" }.joined())\
      \t},
      \(member("tables", "tables", image.tables.count, count: "table_count"))\
      \(member("runs", "entries", image.runs.count, count: "run_count"))\
      \(member("frames", "frames", image.frames.count, count: "frame_count"))\
      \(member("altmaps", "altmaps", image.altmaps.count, count: "altmap_count"))\
      \(member("sections", "sections", image.sections.count, count: "section_count"))\
      \t.max_pfn = \(CText.hex(image.maxPFN)), .max_low_pfn = \(CText.hex(image.maxLowPFN)),
      \t.add_pages_result = \(image.addPagesResult), /* of __add_pages */
      \t.allocation_budget = \(image.allocationBudget)U, /* allocations that succeed */
      \t.failing_allocation = \(image.failingAllocation)U, /* the one that fails; 0: none */
      \t.debug_pagealloc = \(image.isDebugPagealloc ? 1 : 0), .live_core = \(image.hasLiveCore ? 1 : 0),
      \t.uniprocessor = \(image.isUniprocessor ? 1 : 0), /* one CPU, before SYSTEM_RUNNING */
      \(pgmaps)\
      };

      """
  }

  private var pgmaps: String {
    guard !image.pgmaps.isEmpty else { return "" }
    let shifts = image.pgmaps.map { "\($0.vmemmapShift)" }.joined(separator: ", ")
    return "\t.vmemmap_shifts = { \(shifts) }, /* of each pgmap */\n"
  }

  private var calls: String {
    let operations = image.operations.map { operation in
      let name = KernelFunction(rawValue: operation.function)?.name.uppercased() ?? "0"
      let numbers: [(String, UInt64)] = [
        ("is_vmemmap", UInt64(operation.isVmemmap)), ("altmap", UInt64(operation.altmap)),
        ("pgmap", UInt64(operation.pgmap)), ("table", UInt64(operation.table)),
        ("parent_table", UInt64(operation.parentTable)),
        ("parent_slot", UInt64(operation.parentSlot)), ("start", operation.start),
        ("end", operation.end), ("protection", operation.protection),
        ("physical", operation.physical), ("block_size", operation.blockSize),
      ]
      let set = numbers.filter { $0.1 != 0 }.map { ", .\($0.0) = \(CText.hex($0.1))" }
      let node = operation.node == 0 ? "" : ", .node = \(operation.node)"
      return ".function = MHP_\(name)\(set.joined())\(node) },"
    }
    let texts = scenario.operations.map { "\t\(CText.string(naming.call($0))),\n" }
    return "\n/* The calls, in turn. */\n" + list("mhp_operation", "operations", operations)
      + "\nstatic const char *const mhp_case_calls[] = {\n\(texts.joined())};\n"
  }

  private func level(_ raw: UInt32) -> String {
    Level(rawValue: UInt8(truncatingIfNeeded: raw)).map { "MHP_\($0.name.uppercased())" }
      ?? "MHP_ANY_LEVEL"
  }

  private func owner(_ raw: UInt32) -> String {
    switch PageOwner(rawValue: raw) {
    case .allocator: "MHP_ALLOCATOR"
    case .reserved: "MHP_RESERVED"
    case .altmap: "MHP_ALTMAP"
    case nil: "\(raw)"
    }
  }

  private func kind(_ raw: UInt32) -> String {
    EventKind(rawValue: raw).map(\.nameInC) ?? "\(raw)"
  }
}

extension EventKind {
  /// The name in `enum mhp_event_kind`, e.g. "MHP_EVENT_FREE_RESERVED".
  var nameInC: String { "MHP_EVENT_\(CText.constant(name))" }
}

/// The contents of the reference's table pages at the end, as few runs of words.
private struct RightTables {
  /// For each table, whether slots in no run hold poison, as in a page that nobody cleared; if not, they hold
  /// 0.
  var arePoison: [Bool] = []
  var runs: [TableRun] = []

  init(_ observation: Observation, entries: Int) {
    for (table, page) in observation.tables.enumerated() {
      let zeros = page.prefix(entries).count { $0 == 0 }
      let isPoison = page.prefix(entries).count { $0 == pagePoison } > zeros
      arePoison.append(isPoison)
      for (slot, word) in page.enumerated() {
        guard word != (isPoison || slot >= entries ? pagePoison : 0) else { continue }
        append(word, table: UInt32(table), slot: UInt16(slot))
      }
    }
  }

  private mutating func append(_ word: UInt64, table: UInt32, slot: UInt16) {
    if let last = runs.last, last.table == table, last.slot + last.count == slot {
      if last.count == 1 { runs[runs.count - 1].step = word &- last.word }
      if word == last.word &+ UInt64(last.count) &* runs[runs.count - 1].step {
        runs[runs.count - 1].count += 1
        return
      }
      if last.count == 1 { runs[runs.count - 1].step = 0 }
    }
    runs.append(TableRun(table: table, slot: slot, word: word))
  }
}
