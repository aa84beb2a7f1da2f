// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Machine

/// The mutants of a run. Each is handed out once, and only one of those that compile to the same code runs.
actor MutantQueue {
  private let mutants: [Mutant]
  private let progress: @Sendable (Int, Int) -> Void
  private var next = 0
  private var done = 0
  /// The mutant that runs for a compiled code.
  private var runners: [Data: Int] = [:]
  private var fates: [MutantFate?]
  /// The fingerprint of each mutant's compiled code, as far as it has code of its own.
  private(set) var objects: [String?]
  /// The error that ends the whole run, if any.
  private(set) var failure: Failure?

  /// `places` is the number of mutants, for callers that pass none.
  init(
    _ mutants: [Mutant], places: Int? = nil, progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.mutants = mutants
    self.progress = progress
    fates = Array(repeating: nil, count: places ?? mutants.count)
    objects = Array(repeating: nil, count: fates.count)
  }

  /// The next mutant with its place; nil if there is none, or after an error.
  func take() -> (place: Int, mutant: Mutant)? {
    guard failure == nil, next < mutants.count else { return nil }
    defer { next += 1 }
    return (next, mutants[next])
  }

  /// Whether this mutant is to run; if not, another one runs for it.
  func claims(_ object: Data, for place: Int) -> Bool {
    objects[place] = Fingerprint.of(Array(object))
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

  func fail(_ error: Failure) { failure = failure ?? error }

  /// All fates, in order; nil where the run was stopped before. Of mutants with the same code, the first has
  /// the fate and the others are its duplicates, whichever of them ran.
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
