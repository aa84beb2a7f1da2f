// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

extension Difference {
  /// The difference behind what both sides do of folded events that begin alike, for a drawing.
  func unfolded(
    of subject: Observation?, from reference: Observation?, toleratesExtraFlush: Bool = true
  ) -> Difference {
    guard let subject, let reference else { return self }
    return subject.unfolded(self, from: reference, toleratesExtraFlush: toleratesExtraFlush)
  }

  /// The same for a sentence.
  func told(
    of subject: Observation?, from reference: Observation?, toleratesExtraFlush: Bool = true
  ) -> Difference {
    guard let subject, let reference else { return self }
    return subject.told(self, from: reference, toleratesExtraFlush: toleratesExtraFlush)
  }
}

extension TableNames {
  /// The difference between two sides, as one sentence without its subject, e.g. "frees ...; the reference
  /// ...". `reference` is the reference's name.
  func sentence(
    _ difference: Difference, reference name: String = "the reference"
  ) -> String {
    switch difference {
    case .ending(let subject, let reference):
      return "\(phrase(subject)); \(name) \(phrase(reference))"
    case .event(_, _, let subject?, let reference?):
      return "does \"\(phrase(subject))\" where \(name) does \"\(phrase(reference))\""
    case .event(_, _, let subject?, nil):
      return "does \"\(phrase(subject))\" after all that \(name) does"
    case .event(_, _, nil, let reference?):
      return "never does \"\(phrase(reference))\", which \(name) does"
    case .event: return "has another trace"
    case .entry(let number, let slot, let subject, let reference):
      return "leaves \(entry(subject)) in \(table(number))[\(slot)]; \(name) \(entry(reference))"
    case .life(let number, let subject, let reference):
      return "leaves \(table(number)) \(life(subject)); \(name) \(life(reference))"
    case .global(let global, let subject, let reference):
      return "leaves \(global) at \(hex(subject)); \(name) at \(hex(reference))"
    case .altmap(let number, let subject, let reference):
      return "leaves altmap \(number) with \(subject) pages allocated; \(name) with \(reference)"
    }
  }

  private func entry(_ word: UInt64?) -> String {
    guard let word else { return "no such table" }
    return word == 0 ? "nothing" : hex(word)
  }

  private func life(_ life: PageLife?) -> String {
    guard let life else { return "unallocated" }
    return "\(life.live == 1 ? "live" : "freed") with \(life.constructed) constructors outstanding"
  }
}
