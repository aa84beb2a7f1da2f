// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A way of finding differences.
public enum CaseSource: String, CaseIterable, Hashable, Sendable {
  /// The named cases at real geometry.
  case catalogue
  /// Every case of the universes that the depth has.
  case universes
  /// Random sequences of operations at real geometry.
  case random
}

/// What `mhpcheck check` is asked to do, as a value.
public struct CheckRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// How the subject is read and compiled.
  public var options: SubjectOptions
  /// The fixes it is held against.
  public var against: UpstreamFixes
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// How much is run.
  public var depth: Depth
  /// What is run, as far as the depth has it.
  public var means: Set<CaseSource>
  /// Worker processes at a time.
  public var jobs: Int
  /// The seed of all that is drawn at random; the report repeats it.
  public var seed: UInt64
  /// Whether cases of differences are made smaller and shown; the verdict needs none.
  public var showsDifferences: Bool
  /// Whether it is measured which branches of the subject the cases reach; the verdict needs it not.
  public var measuresCoverage: Bool

  public init(
    subject: String, options: SubjectOptions = SubjectOptions(), against: UpstreamFixes = .latest,
    modes: [PagingMode] = Architecture.riscv.modes, depth: Depth = .standard,
    means: Set<CaseSource> = Set(CaseSource.allCases), jobs: Int, seed: UInt64 = 1,
    showsDifferences: Bool = true,
    measuresCoverage: Bool = true
  ) {
    self.subject = subject
    self.options = options
    self.against = against
    self.modes = modes
    self.depth = depth
    self.means = means
    self.jobs = jobs
    self.seed = seed
    self.showsDifferences = showsDifferences
    self.measuresCoverage = measuresCoverage
  }

  /// The universes to run.
  package var universes: [Universe] {
    guard means.contains(.universes) else { return [] }
    return modes.flatMap { Universe.universes(depth, mode: $0) }
  }

  /// Random cases to run in each mode.
  var randomCasesAMode: Int { means.contains(.random) ? depth.randomCasesAMode : 0 }

  /// The index widths that the subject is compiled for, beside the real one.
  package var otherIndexWidths: [Int] { Set(universes.map { Int($0.indexBits) }).sorted() }
}

/// What a run tells while it goes on.
public struct RunProgress: Sendable {
  /// A step begins; one line.
  public var step: @Sendable (String) -> Void
  /// Something to be known beforehand; one line that stays.
  public var note: @Sendable (String) -> Void
  /// Cases done, of how many.
  public var cases: @Sendable (Int, Int) -> Void
  /// Mutants done, of how many.
  public var mutants: @Sendable (Int, Int) -> Void

  public init(
    step: @escaping @Sendable (String) -> Void = { _ in },
    note: @escaping @Sendable (String) -> Void = { _ in },
    cases: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    mutants: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    self.step = step
    self.note = note
    self.cases = cases
    self.mutants = mutants
  }
}
