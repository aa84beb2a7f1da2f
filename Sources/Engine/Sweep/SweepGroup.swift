// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// Universes whose operations call the same functions of a subject. A group has workers of its own, in which nothing
/// of the subject runs besides what these functions lead to.
struct SweepGroup: Sendable {
  let functions: Set<KernelFunction>
  var universes: [Universe]

  /// The groups of some universes, in the order of their first ones, for a subject that has the functions `present`.
  static func groups(
    of universes: [Universe], calling present: Set<KernelFunction>
  ) -> [SweepGroup] {
    var groups: [SweepGroup] = []
    for universe in universes {
      let functions = universe.functions(among: present)
      if let place = groups.firstIndex(where: { $0.functions == functions }) {
        groups[place].universes.append(universe)
      } else {
        groups.append(SweepGroup(functions: functions, universes: [universe]))
      }
    }
    return groups
  }
}

extension Universe {
  /// The functions that its operations call, of those that a subject has.
  func functions(among present: Set<KernelFunction>) -> Set<KernelFunction> {
    Set(operations.map(\.function)).intersection(present)
  }

  /// The indices of its operations that call functions which a subject has.
  func operations(calling present: Set<KernelFunction>) -> [Int] {
    operations.indices.filter { present.contains(operations[$0].function) }
  }

  /// The number of its cases that call functions which a subject has.
  func caseCount(calling present: Set<KernelFunction>) -> UInt64 {
    stateCount * rangeCount * UInt64(operations(calling: present).count)
  }
}
