// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials

/// The mutants of a run: each is handed out once, and of those that compile to the same code one is run.
actor MutantQueue {
  private let mutants: [Mutant]
  private let progress: @Sendable (Int, Int) -> Void
  private var next = 0
  private var done = 0
  /// By compiled code: the mutant that is run for it.
  private var runners: [Data: Int] = [:]
  private var fates: [MutantFate?]
  /// What went wrong for the whole run, if anything.
  private(set) var failure: PipelineError?

  /// `places` is how many there are, for those who bring no mutants.
  init(
    _ mutants: [Mutant], places: Int? = nil, progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.mutants = mutants
    self.progress = progress
    fates = Array(repeating: nil, count: places ?? mutants.count)
  }

  /// The next mutant with its place; nil when there is none, or something went wrong.
  func take() -> (place: Int, mutant: Mutant)? {
    guard failure == nil, next < mutants.count else { return nil }
    defer { next += 1 }
    return (next, mutants[next])
  }

  /// Whether this mutant is to be run; else another runs for it.
  func claims(_ object: Data, for place: Int) -> Bool {
    guard let runner = runners[object] else {
      runners[object] = place
      return true
    }
    settle(place, .duplicate(of: runner))
    return false
  }

  func settle(_ place: Int, _ fate: MutantFate) {
    fates[place] = fate
    done += 1
    progress(done, fates.count)
  }

  func fail(_ error: PipelineError) { failure = failure ?? error }

  /// All fates, in order; nil where the run was stopped before. Of mutants with the same code the first
  /// has the fate and the others are its duplicates, whichever was run.
  func allFates() -> [MutantFate?] {
    var settled = fates
    var first: [Int: Int] = [:]
    for place in fates.indices {
      guard let fate = fates[place] else { continue }
      var runner = place
      if case .duplicate(let other) = fate { runner = other }
      guard fates[runner] != nil else {
        settled[place] = nil
        continue
      }
      if let known = first[runner] {
        settled[place] = .duplicate(of: known)
      } else {
        first[runner] = place
        settled[place] = fates[runner]
      }
    }
    return settled
  }
}
