// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A source of cases.
public enum CaseSource: String, CaseIterable, Hashable, Sendable {
  /// The named cases at real geometry.
  case catalogue
  /// Every case of the universes that belong to the depth.
  case universes
  /// Random sequences of operations at real geometry.
  case random
}

/// A request to `mhpcheck check`.
public struct CheckRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// The options for reading and compiling the subject.
  public var options: SubjectOptions
  /// The fixes to compare the subject with.
  public var against: UpstreamFixes
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// The depth of the run: it selects the universes and the number of random cases.
  public var depth: Depth
  /// The sources to run, as far as they belong to the depth.
  public var means: Set<CaseSource>
  /// The number of worker processes at a time.
  public var jobs: Int
  /// The seed of a run that asks for no other.
  public static let usualSeed: UInt64 = 1

  /// The seed of all random choices; the report repeats it.
  public var seed: UInt64
  /// Whether to shrink and show cases of differences; the verdict does not need them.
  public var showsDifferences: Bool
  /// Whether to make the cases that are shown smaller.
  public var shrinksCases: Bool
  /// Whether to find the lines of the subject's text at which the shown cases part.
  public var findsPlaces: Bool
  /// Whether to find the causes of differences by experiment; without, the results of direct calls name them.
  public var findsCauses: Bool
  /// Whether to measure the branches of the subject that cases reach; the verdict does not need them.
  public var measuresCoverage: Bool
  /// Whether universes are taken from earlier runs of the same machine code, and kept for later ones.
  public var keepsResults: Bool

  public init(
    subject: String, options: SubjectOptions = SubjectOptions(), against: UpstreamFixes = .latest,
    modes: [PagingMode] = Architecture.riscv.modes, depth: Depth = .standard,
    means: Set<CaseSource> = Set(CaseSource.allCases), jobs: Int,
    seed: UInt64 = CheckRequest.usualSeed,
    showsDifferences: Bool = true, shrinksCases: Bool = true, findsPlaces: Bool = true,
    findsCauses: Bool = true, measuresCoverage: Bool = true, keepsResults: Bool = false
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
    self.shrinksCases = shrinksCases
    self.findsPlaces = findsPlaces
    self.findsCauses = findsCauses
    self.measuresCoverage = measuresCoverage
    self.keepsResults = keepsResults
  }

  package var universes: [Universe] {
    guard means.contains(.universes) else { return [] }
    return modes.flatMap { Universe.universes(depth, mode: $0) }
  }

  /// The number of random cases to run in each mode.
  var randomCasesAMode: Int { means.contains(.random) ? depth.randomCasesAMode : 0 }

  /// The index widths to compile the subject for, besides the real one.
  package var otherIndexWidths: [Int] { Set(universes.map { Int($0.indexBits) }).sorted() }
}

/// Callbacks that show the progress of a run.
public struct RunProgress: Sendable {
  /// A step begins; one line.
  public var step: @Sendable (String) -> Void
  /// A note for the user; one line that stays.
  public var note: @Sendable (String) -> Void
  /// A result that is known before the run is over; one line that stays.
  public var finding: @Sendable (String) -> Void
  /// The number of cases done, and the total.
  public var cases: @Sendable (Int, Int) -> Void
  /// The number of mutants done, and the total.
  public var mutants: @Sendable (Int, Int) -> Void

  public init(
    step: @escaping @Sendable (String) -> Void = { _ in },
    note: @escaping @Sendable (String) -> Void = { _ in },
    finding: @escaping @Sendable (String) -> Void = { _ in },
    cases: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    mutants: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) {
    self.step = step
    self.note = note
    self.finding = finding
    self.cases = cases
    self.mutants = mutants
  }
}
