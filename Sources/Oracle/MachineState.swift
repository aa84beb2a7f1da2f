// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The state of a machine between two calls.
struct MachineState {
  /// The entries of each table, by number; empty for a freed table.
  var tables: [[UInt64]]
  /// One per table.
  var lives: [PageLife]
  var maxPFN: UInt64
  var maxLowPFN: UInt64
  /// `alloc` of each altmap, in pages.
  var altmapAllocs: [UInt64]
  /// `align` of each altmap, in pages.
  var altmapAligns: [UInt64]
  /// The memory sections with present sub-sections, with a live core.
  var sections: [SectionState]
  /// The translations from the root on, as the hardware sees them.
  var translations: TranslationMap

  /// The initial state of a case.
  init(_ image: borrowing MachineImage) {
    let entries = image.layout.entriesPerTable
    var tables = [[UInt64]](
      repeating: [UInt64](repeating: 0, count: entries), count: image.tables.count)
    for run in image.runs {
      for (slot, word) in run.words where slot < entries { tables[Int(run.table)][slot] = word }
    }
    self.init(
      tables: tables,
      lives: image.tables.map {
        PageLife(
          level: $0.level, owner: $0.owner, live: 1, constructed: $0.constructed == 0 ? 0 : 1)
      },
      maxPFN: image.maxPFN, maxLowPFN: image.maxLowPFN,
      altmapAllocs: image.altmaps.map(\.alloc), altmapAligns: image.altmaps.map(\.align),
      sections: image.sections, layout: image.layout)
  }

  init(_ observation: borrowing Observation, layout: AddressLayout) {
    self.init(
      tables: zip(observation.tables, observation.lives).map { page, life in
        life.live == 0 ? [] : Array(page.prefix(layout.entriesPerTable))
      },
      lives: observation.lives, maxPFN: observation.maxPFN, maxLowPFN: observation.maxLowPFN,
      altmapAllocs: observation.altmapAllocs, altmapAligns: observation.altmapAligns,
      sections: observation.sections, layout: layout)
  }

  private init(
    tables: [[UInt64]], lives: [PageLife], maxPFN: UInt64, maxLowPFN: UInt64,
    altmapAllocs: [UInt64], altmapAligns: [UInt64], sections: [SectionState],
    layout: AddressLayout
  ) {
    self.tables = tables
    self.lives = lives
    self.maxPFN = maxPFN
    self.maxLowPFN = maxLowPFN
    self.altmapAllocs = altmapAllocs
    self.altmapAligns = altmapAligns
    self.sections = sections
    translations = TranslationMap(tables, lives: lives, layout: layout)
  }

  /// Whether a table's page is in use.
  func isLive(_ table: Int) -> Bool { table < lives.count && lives[table].live != 0 }
}
