// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The named cases: small states that a reader can survey, each with one point. Together they call every
/// function of the surface directly and through the entry points. Every class of bug in the surface changes
/// the observation of at least one of them. The defect numbers in the comments of the groups are these
/// classes (`docs/develop/defects.md`).
public enum Catalogue {
  /// The cases of a mode, innermost functions first. Ids are unique within a mode, and stable: the same id is
  /// the same case in every mode that has it.
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
    maker.addOneCPU()
    return maker.scenarios
  }

  /// The cases of several modes, in the order of `modes`.
  public static func all(modes: [PagingMode] = Architecture.riscv.modes) -> [Scenario] {
    modes.flatMap { scenarios(mode: $0) }
  }
}
