// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Random cases at the real geometry of a mode: boot memory, DIMMs and a device, the page tables that the
/// kernel makes for them, and a sequence of operations. A tenth of the cases are life cycles. About a quarter
/// of the others is bent into states that no correct kernel makes.
///
/// A case is a function of mode, seed and index alone, so cases can be made in any order, by any number of
/// processes, on any machine.
public struct RandomCampaign: Sendable, Hashable {
  public let mode: PagingMode
  /// The seed, which separates this campaign from others of the mode.
  public let seed: UInt64

  /// Every number is a valid seed.
  public init(mode: PagingMode, seed: UInt64) {
    self.mode = mode
    self.seed = seed
  }

  /// The percentage of bent cases among those that are not life cycles.
  private static let bentShare: UInt64 = 25

  /// The percentage of cases that are life cycles with a live core.
  private static let lifeCycleShare: UInt64 = 10
  /// Gives life cycles their own random sequence, apart from that of the other cases.
  private static let lifeCycleSalt: UInt64 = 0x1ffe

  /// Of this number of cases, one is on a machine with one CPU.
  private static let casesAUniprocessor: UInt64 = 8

  /// The case of an index. Its id is "random/MODE/SEED-INDEX"; it has one to eight operations.
  public func scenario(_ index: UInt64) -> Scenario {
    var scenario = drawn(index)
    // Not drawn, so that all else is as without it.
    scenario.globals.isUniprocessor =
      index % Self.casesAUniprocessor == Self.casesAUniprocessor - 1
    return scenario
  }

  private func drawn(_ index: UInt64) -> Scenario {
    var lifeCycle = SplitMix64(
      numbers: [UInt64(mode.levelCount), seed, index, Self.lifeCycleSalt])
    if lifeCycle.percent(Self.lifeCycleShare) {
      let operations = lifeCycle.within(1...RandomScene.mostOperations)
      var cycle = RandomLifeCycle(mode: mode, random: lifeCycle)
      return cycle.scenario(id: id(index), operations: operations)
    }
    let random = SplitMix64(numbers: [UInt64(mode.levelCount), seed, index])
    var scene = RandomScene(mode: mode, random: random)
    let isBent = scene.random.percent(Self.bentShare)
    if isBent { scene.bendTables() }
    scene.drawOperations()
    if isBent, scene.random.percent(40) { scene.bendCalls() }
    return scene.scenario(id: id(index))
  }

  /// The case of an id, as ``scenario(_:)`` makes it; nil for any other text.
  public static func scenario(
    named id: String, among modes: [PagingMode] = Architecture.riscv.modes
  ) -> Scenario? {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "random",
      let mode = modes.first(where: { $0.name == parts[1] })
    else { return nil }
    let numbers = parts[2].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let seed = UInt64(numbers[0]), let index = UInt64(numbers[1])
    else { return nil }
    let campaign = RandomCampaign(mode: mode, seed: seed)
    // Accept only the text that `id` writes: no sign, no leading zero.
    return campaign.id(index) == id ? campaign.scenario(index) : nil
  }

  private func id(_ index: UInt64) -> String { "random/\(mode.name)/\(seed)-\(index)" }
}
