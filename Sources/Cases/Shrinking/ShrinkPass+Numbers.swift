// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Passes that lower numbers which have no meaning of their own.
extension ShrinkPass {
  /// Moves the pages that leaves, frames and calls name towards the start of RAM. Pages covered by frames
  /// move with the frames.
  static let lowerPages = ShrinkPass("lower pages") { scenario in
    let withFrames = scenario.frames.indices.lazy.flatMap { index in
      scenario.lowerTargets(of: scenario.frames[index].pfn, step: scenario.frames[index].count)
        .lazy.flatMap { target in
          [
            scenario.movingFrames(index, to: target, alone: false),
            scenario.movingFrames(index, to: target, alone: true),
          ]
        }
    }
    let leaves = scenario.places.lazy.flatMap { place -> [Scenario] in
      guard case .leaf(let pfn, let protection) = scenario[place].value else { return [] }
      let step = scenario.leafPages(in: place.table)
      return scenario.lowerTargets(of: pfn, step: step).map { target in
        scenario.with { $0[place].value = .leaf(pfn: target, protection: protection) }
      }
    }
    let calls = scenario.operations.indices.lazy.flatMap { index -> [Scenario] in
      guard let pfn = scenario.operations[index].pfn else { return [] }
      return scenario.lowerTargets(of: pfn, step: 1).map { target in
        scenario.with { $0.operations[index].pfn = target }
      }
    }
    return [AnySequence(withFrames), AnySequence(leaves), AnySequence(calls)].joined()
  }

  /// Lowers globals, altmaps, injected failures and numbers in calls.
  static let smallerNumbers = ShrinkPass("smaller numbers") { scenario in
    let machine = Scenario.numbers.lazy.flatMap { path in
      scenario.lowering(path)
    }
    let altmaps = scenario.altmaps.indices.lazy.flatMap { index in
      scenario.lowering(altmap: index) + scenario.nearerEnds(ofAltmap: index)
    }
    let budget = stepsDown(from: UInt64(scenario.injected.allocationBudget ?? 0)).lazy.map {
      number in
      scenario.with { $0.injected.allocationBudget = UInt32(number) }
    }
    let calls = scenario.operations.indices.lazy.flatMap { scenario.loweringNumbers(ofCall: $0) }
    return [AnySequence(machine), AnySequence(altmaps), AnySequence(budget), AnySequence(calls)]
      .joined()
  }
}

extension Scenario {
  fileprivate static var numbers: [WritableKeyPath<Scenario, UInt64>] {
    [\.globals.maxPFN, \.globals.maxLowPFN]
  }

  fileprivate func lowering(_ path: WritableKeyPath<Scenario, UInt64>) -> [Scenario] {
    stepsDown(from: self[keyPath: path]).map { number in with { $0[keyPath: path] = number } }
  }

  fileprivate func lowering(altmap index: Int) -> [Scenario] {
    [\Altmap.alloc, \.free, \.reserve, \.align].flatMap { path in
      stepsDown(from: altmaps[index][keyPath: path]).map { number in
        with { $0.altmaps[index][keyPath: path] = number }
      }
    }
  }

  /// The scenario with the device of an altmap moved down as a whole, or made shorter.
  fileprivate func nearerEnds(ofAltmap index: Int) -> [Scenario] {
    let altmap = altmaps[index]
    let pages = altmap.endPFN &- altmap.basePFN
    return stepsDown(from: altmap.basePFN).map { base in
      with {
        $0.altmaps[index].basePFN = base
        $0.altmaps[index].endPFN = base &+ pages
      }
    }
      + stepsDown(from: pages).map { pages in
        with { $0.altmaps[index].endPFN = altmap.basePFN &+ pages }
      }
  }

  fileprivate func loweringNumbers(ofCall index: Int) -> [Scenario] {
    let call = operations[index]
    var found: [Scenario] = []
    for path: WritableKeyPath<Call, Int?> in [\.altmap, \.pgmap] {
      guard let number = call[keyPath: path], number > 1 else { continue }
      found += stepsDown(from: UInt64(number)).filter { $0 > 0 }.map { number in
        with { $0.operations[index][keyPath: path] = Int(number) }
      }
    }
    if let node = call.node {
      found += stepsDown(from: UInt64(node.magnitude)).map { number in
        with { $0.operations[index].node = Int32(number) * node.signum() }
      }
    }
    return found
  }

  /// Simpler places for pages: the start of RAM, half of the way there, the end of each run of frames, one
  /// step down.
  fileprivate func lowerTargets(of pfn: UInt64, step: UInt64) -> [UInt64] {
    let distance = pfn &- firstPFN
    let step = max(step, 1)
    let half = firstPFN &+ distance / 2 / step &* step
    let down = distance >= step ? [pfn &- step] : []
    return [firstPFN, half] + frames.map { $0.pfn &+ $0.count } + down
  }

  /// The scenario with a run of frames moved to `target`. Unless `alone`, the leaves and calls that name its
  /// pages follow.
  fileprivate func movingFrames(_ index: Int, to target: UInt64, alone: Bool) -> Scenario {
    let moved = frames[index]
    func place(_ pfn: UInt64) -> UInt64 {
      pfn &- moved.pfn < moved.count ? pfn &- moved.pfn &+ target : pfn
    }
    return with { scenario in
      scenario.frames[index].pfn = target
      scenario.frames.sort { $0.pfn < $1.pfn }
      guard !alone else { return }
      for run in places {
        if case .leaf(let pfn, let protection) = self[run].value {
          scenario[run].value = .leaf(pfn: place(pfn), protection: protection)
        }
      }
      for call in operations.indices {
        scenario.operations[call].pfn = operations[call].pfn.map(place)
      }
    }
  }
}
