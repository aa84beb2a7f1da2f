// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

extension Ending {
  /// The same ending in the shim's form.
  package var flat: mhp_ending {
    mhp_ending(kind: kind, operation: operation, table: table, slot: slot, address: address)
  }
}

extension Observation {
  /// The digest of this behaviour, computed from its values. A worker that observed this case must have
  /// answered the same one.
  package func digest(entriesPerTable entries: UInt64) -> CaseDigest {
    var pages: [UInt64] = []
    pages.reserveCapacity(tables.count * Pool.wordsPerPage)
    for page in tables {
      pages += page.prefix(Pool.wordsPerPage)
      pages += repeatElement(pagePoison, count: max(0, Pool.wordsPerPage - page.count))
    }
    return sections.withUnsafeBytes { sections in
      withView(pages: pages, entries: entries) { view in
        view.sections = sections.baseAddress?.assumingMemoryBound(to: mhp_section.self)
        view.section_count = UInt64(self.sections.count)
        var flat = ending.flat
        return mhp_digest(&view, &flat, UInt64(Pool.wordsPerPage))
      }
    }
  }

  private func withView(
    pages: [UInt64], entries: UInt64, _ body: (inout mhp_view) -> CaseDigest
  ) -> CaseDigest {
    events.withUnsafeBytes { events in
      pages.withUnsafeBytes { pages in
        lives.withUnsafeBytes { lives in
          (altmapAllocs + altmapAligns).withUnsafeBytes { altmaps in
            var view = mhp_view()
            view.events = events.baseAddress?.assumingMemoryBound(to: mhp_event.self)
            view.event_count = UInt64(self.events.count)
            view.pages = pages.baseAddress
            view.page_stride = UInt64(Pool.wordsPerPage * MemoryLayout<UInt64>.stride)
            view.lives = lives.baseAddress
            view.life_stride = UInt64(MemoryLayout<PageLife>.stride)
            view.table_count = UInt64(min(tables.count, self.lives.count))
            view.altmap_allocs = altmaps.baseAddress
            view.altmap_aligns = altmaps.baseAddress.map {
              $0 + altmapAllocs.count * MemoryLayout<UInt64>.stride
            }
            view.altmap_stride = UInt64(MemoryLayout<UInt64>.stride)
            view.altmap_count = UInt64(min(altmapAllocs.count, altmapAligns.count))
            view.entries = entries
            view.max_pfn = maxPFN
            view.max_low_pfn = maxLowPFN
            return body(&view)
          }
        }
      }
    }
  }
}
