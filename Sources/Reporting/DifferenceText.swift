// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel

extension Naming {
  /// What parts the two sides, as one sentence without its subject's name: "frees ...; the reference
  /// ...".
  public func sentence(_ difference: Difference) -> String {
    switch difference {
    case .ending(let subject, let reference):
      return "\(phrase(subject)); the reference \(phrase(reference))"
    case .event(_, _, let subject?, let reference?):
      return "does \"\(phrase(subject))\" where the reference does \"\(phrase(reference))\""
    case .event(_, _, let subject?, nil):
      return "does \"\(phrase(subject))\" after all that the reference does"
    case .event(_, _, nil, let reference?):
      return "never does \"\(phrase(reference))\", which the reference does"
    case .event: return "has another trace"
    case .entry(let number, let slot, let subject, let reference):
      return "leaves \(entry(subject)) in \(table(number))[\(slot)]; the reference \(entry(reference))"
    case .life(let number, let subject, let reference):
      return "leaves \(table(number)) \(life(subject)); the reference \(life(reference))"
    case .global(let name, let subject, let reference):
      return "leaves \(name) at \(hex(subject)); the reference at \(hex(reference))"
    case .altmap(let number, let subject, let reference):
      return "leaves altmap \(number) with \(subject) pages allocated; the reference with \(reference)"
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
