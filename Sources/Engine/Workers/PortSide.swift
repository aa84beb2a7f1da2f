// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine
import Port
import Worker

extension HotplugPort: Side {
  /// See `Side`.
  public func run(_ image: MachineImage, upTo eventLimit: Int?) -> Ending {
    load(image)
    if let eventLimit { limitEvents(to: eventLimit) }
    return run()
  }

  /// See `Side`.
  public func observation(_ ending: Ending, of image: MachineImage) -> Observation {
    let tables = 0..<tableCount
    return Observation(
      ending: ending, events: withEvents { Array($0) },
      tables: tables.map { table in withTable(table) { Array($0) } },
      lives: tables.map { life(ofTable: $0) }, maxPFN: maxPFN, maxLowPFN: maxLowPFN,
      altmapAllocs: altmapAllocs, altmapAligns: altmapAligns, sections: sections)
  }

  /// See `Side`.
  public func digest(_ ending: Ending, of image: MachineImage, words: Int) -> CaseDigest {
    withRecords { records in
      var view = mhp_view()
      view.events = records.events.baseAddress.map {
        UnsafeRawPointer($0).assumingMemoryBound(to: mhp_event.self)
      }
      view.event_count = UInt64(records.events.count)
      view.pages = UnsafeRawPointer(records.pages)
      view.page_stride = UInt64(Pool.wordsPerPage * MemoryLayout<UInt64>.stride)
      view.lives = records.lives
      view.life_stride = UInt64(records.lifeStride)
      view.table_count = UInt64(records.tableCount)
      view.altmap_allocs = UnsafeRawPointer(records.altmapAllocs)
      view.altmap_aligns = UnsafeRawPointer(records.altmapAligns)
      view.altmap_stride = UInt64(MemoryLayout<UInt64>.stride)
      view.altmap_count = UInt64(image.altmaps.count)
      view.entries = UInt64(records.entries)
      view.sections = records.sections.baseAddress.map {
        UnsafeRawPointer($0).assumingMemoryBound(to: mhp_section.self)
      }
      view.section_count = UInt64(records.sections.count)
      view.max_pfn = records.maxPFN
      view.max_low_pfn = records.maxLowPFN
      var flat = ending.flat
      return mhp_digest(&view, &flat, UInt64(words))
    }
  }
}
