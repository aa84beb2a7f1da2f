// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Random cases at the real geometry of a mode: boot memory, DIMMs and a device, the page tables
/// that the kernel makes of them, and a sequence of operations. About a quarter of the cases is
/// then bent into states that no sound kernel makes.
///
/// A case is a function of mode, seed and index alone, so cases may be made in any order, by any
/// number of processes, on any machine.
public struct RandomCampaign: Sendable, Hashable {
  /// The paging mode.
  public let mode: PagingMode
  /// What sets this campaign apart from others of the mode.
  public let seed: UInt64

  /// The campaign of a mode and a seed; every number is a seed.
  public init(mode: PagingMode, seed: UInt64) {
    self.mode = mode
    self.seed = seed
  }

  /// Cases of a hundred that are bent.
  private static let bentShare: UInt64 = 25

  /// Cases of a hundred that are life cycles, with a live core.
  private static let lifeCycleShare: UInt64 = 10
  /// Sets the draw of these apart from all that is drawn for a case.
  private static let lifeCycleSalt: UInt64 = 0x1ffe

  /// The case of an index: an id "random/MODE/SEED-INDEX", and between one and eight operations.
  public func scenario(_ index: UInt64) -> Scenario {
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

  /// The case of an id as `scenario` makes it; nil for any other text.
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
    // Only as it is written by `id`: no sign, no leading zero.
    return campaign.id(index) == id ? campaign.scenario(index) : nil
  }

  private func id(_ index: UInt64) -> String { "random/\(mode.name)/\(seed)-\(index)" }
}
