// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Passes that remove parts of a scenario.
extension ShrinkPass {
  /// Drops some of the calls.
  static let dropOperations = ShrinkPass("drop operations") { scenario in
    cuts(of: scenario.operations.count).lazy.map { cut in
      scenario.with { $0.operations.removeSubrange(cut) }
    }
  }

  /// Drops a table with the tables that only it reaches; or drops tables alone, while their child tables
  /// stay.
  static let dropTables = ShrinkPass("drop tables") { scenario in
    let numbers = scenario.tables.indices.dropFirst()
    let subtrees = numbers.lazy.compactMap { table in
      scenario.removing(tables: scenario.subtree(of: table))
    }
    let alone = cuts(of: numbers.count).lazy.compactMap { cut in
      scenario.removing(tables: cut.lowerBound + 1..<cut.upperBound + 1)
    }
    return [AnySequence(subtrees), AnySequence(alone)].joined()
  }

  /// Drops some runs of entries.
  static let dropEntries = ShrinkPass("drop entries") { scenario in
    let places = scenario.places
    return cuts(of: places.count).lazy.map { cut in
      // The last run goes first, so that earlier runs keep their index.
      scenario.with { scenario in
        for place in places[cut].reversed() {
          scenario.tables[place.table].entries.remove(at: place.run)
        }
      }
    }
  }

  /// Cuts a run of entries to one slot, half of its slots, or all but one, from either end.
  static let shortenRuns = ShrinkPass("shorten runs") { scenario in
    scenario.places.lazy.filter { scenario[$0].count > 1 }.flatMap { place in
      let run = scenario[place]
      return [1, run.count / 2, run.count - 1].flatMap { count in
        [0, run.count - count].map { first in
          scenario.with {
            $0[place] = run.part(
              from: first, count: count, leafPages: scenario.leafPages(in: place.table))
          }
        }
      }
    }
  }

  /// Drops some frames, or some pages of them.
  static let dropFrames = ShrinkPass("drop frames") { scenario in
    let dropped = cuts(of: scenario.frames.count).lazy.map { cut in
      scenario.with { $0.frames.removeSubrange(cut) }
    }
    let shorter = scenario.frames.indices.lazy.flatMap { index in
      stepsDown(from: scenario.frames[index].count).flatMap { count in
        [0, scenario.frames[index].count - count].map { first in
          scenario.with {
            $0.frames[index].pfn += first
            $0.frames[index].count = count
          }
        }
      }
    }
    return [AnySequence(dropped), AnySequence(shorter)].joined()
  }

  static let dropAltmaps = ShrinkPass("drop altmaps") { scenario in
    cuts(of: scenario.altmaps.count).lazy.map { scenario.removing(altmaps: $0) }
  }

  static let dropSections = ShrinkPass("drop sections") { scenario in
    cuts(of: scenario.sections.count).lazy.map { cut in
      scenario.with { $0.sections.removeSubrange(cut) }
    }
  }

  /// Replaces a pointer by a leaf, and drops the tables that only this pointer reached.
  static let leavesForTables = ShrinkPass("leaves for tables") { scenario in
    scenario.places.lazy.compactMap { place in
      guard case .table(let child) = scenario[place].value else { return nil }
      let leaf = scenario.with {
        $0[place].value = .leaf(
          pfn: scenario.firstPFN, protection: Architecture.riscv.entryBits.kernel)
      }
      // Another entry may still point to the table.
      guard leaf.pointers(to: child) == 0 else { return leaf }
      return leaf.removing(tables: leaf.subtree(of: child)) ?? leaf
    }
  }
}

extension Scenario {
  /// The first PFN of RAM, the simplest PFN there is.
  var firstPFN: UInt64 { (layout?.ramBase ?? 0) >> AddressLayout.pageShift }

  /// The number of pages that a leaf in this table maps.
  func leafPages(in table: Int) -> UInt64 {
    layout.map { $0.size(of: tables[table].level) >> AddressLayout.pageShift } ?? 1
  }

  fileprivate func pointers(to table: Int) -> Int {
    tables.reduce(0) { $0 + $1.entries.count { $0.value == .table(table) } }
  }
}

extension Scenario.EntryRun {
  /// `count` slots of the run from index `first` on, with unchanged contents.
  func part(from first: Int, count: Int, leafPages: UInt64) -> Self {
    var part = Self(slot: slot + first, count: count, value: value)
    if case .leaf(let pfn, let protection) = value {
      part.value = .leaf(pfn: pfn &+ UInt64(first) &* leafPages, protection: protection)
    }
    return part
  }
}
