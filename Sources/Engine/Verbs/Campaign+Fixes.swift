// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Port

extension Campaign {
  /// Whether cases without findings show that a subject has a fix of an upstream state: in a universe that
  /// ran completely or in a random case, the port at that state behaves differently without the fix.
  func shows(_ fix: UpstreamFixes, of nearest: UpstreamFixes, in outcome: Outcome) async -> Bool {
    let present = Set(outcome.present)
    if let random = outcome.random, random.cases == random.drawn {
      let witness = FixDetector(fix, of: nearest)
      for mode in request.modes {
        let campaign = RandomCampaign(mode: mode, seed: request.seed)
        for index in 0..<UInt64(request.randomCasesAMode) where !stop.isSet {
          let scenario = campaign.scenario(index)
          if scenario.functionsCalled.isSubset(of: present),
            let image = try? scenario.lowered(), witness.isShown(by: image)
          {
            return true
          }
        }
      }
    }
    let whole = Set(outcome.universes.filter(\.isComplete).map(\.name))
    return await withTaskGroup(of: Bool.self) { group in
      for universe in request.universes where whole.contains(universe.name) && !stop.isSet {
        group.addTask {
          FixDetector(fix, of: nearest).isShown(by: universe, calling: present)
        }
      }
      for await isShown in group where isShown {
        group.cancelAll()
        return true
      }
      return false
    }
  }
}
