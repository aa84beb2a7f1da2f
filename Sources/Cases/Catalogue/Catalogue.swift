// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The named cases: small states that a reader can take in, each with one thing to show. Together
/// they call every function of the surface directly and through the entry points, and every class
/// of bug that concerns the surface changes what at least one of them shows. The numbers in the
/// comments of the groups are those classes' (the design's list of defects).
public enum Catalogue {
  /// The cases of a mode, innermost functions first. Ids are unique in it, and stable: the same id
  /// is the same case in every mode that has it.
  public static func scenarios(mode: PagingMode) -> [Scenario] {
    var maker = CatalogueBuilder(mode: mode)
    maker.addFreeTables()
    maker.addStorage()
    maker.addPteWalks()
    maker.addPmdLeaves()
    maker.addPmdTables()
    maker.addUpperWalks()
    maker.addFoldedWalks()
    maker.addWalkBacking()
    maker.addWalkEdges()
    maker.addRanges()
    maker.addRootWalks()
    maker.addLinearRemoval()
    maker.addVmemmapFree()
    maker.addBacking()
    maker.addAddMemory()
    maker.addAddFailures()
    maker.addRemoveMemory()
    maker.addEntryEdges()
    maker.addMapSizes()
    maker.addCreateMappings()
    maker.addLinearCreation()
    maker.addPreallocation()
    maker.addMemmapPopulation()
    maker.addSequences()
    maker.addCreationSequences()
    maker.addHazards()
    maker.addLifeCycles()
    return maker.scenarios
  }

  /// The cases of several modes, in that order.
  public static func all(modes: [PagingMode] = Architecture.riscv.modes) -> [Scenario] {
    modes.flatMap { scenarios(mode: $0) }
  }
}
