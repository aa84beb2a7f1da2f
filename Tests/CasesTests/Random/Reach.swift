// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Machine
@testable import Port

/// The effects of one case on the port.
struct Reach {
  let ending: Ending
  /// The functions that the case calls, or that have run according to the trace.
  private(set) var functions: Set<KernelFunction>
  /// Whether the case frees a page of a table.
  private(set) var freesTables = false
  /// Whether the case returns pages to an altmap.
  private(set) var countsBack = false

  /// The functions that walk, by the level of the entries that they examine.
  private static let walkers: [Level: KernelFunction] = [
    .pte: .removePteMapping, .pmd: .removePmdMapping, .pud: .removePudMapping,
    .p4d: .removeP4dMapping, .pgd: .removePgdMapping,
  ]

  init(of scenario: Scenario, on port: HotplugPort) throws {
    let image = try scenario.lowered()
    port.load(image)
    ending = port.run()
    functions = Set(scenario.operations.map(\.function))
    let entries: Set<KernelFunction> = [
      .removeLinearMapping, .archRemoveMemory, .vmemmapFree,
    ]
    if !functions.isDisjoint(with: entries) { functions.insert(.removePgdMapping) }
    if functions.contains(.archRemoveMemory) || image.addPagesResult != 0 {
      functions.insert(.removeLinearMapping)
    }
    let top = Self.walkers.filter { functions.contains($0.value) }.keys.max()
    for event in port.events {
      switch EventKind(rawValue: event.kind) {
      case .clear?:
        guard let top, let cleared = level(of: Int(event.a), on: port) else { break }
        for level in Level.allCases where level >= cleared && level <= top {
          if let walker = Self.walkers[level] { functions.insert(walker) }
        }
      case .altmapFree?:
        functions.insert(.freeVmemmapStorage)
        countsBack = true
      case .free?, .freeReserved?: noteFree(event.a, layout: image.layout, on: port)
      default: break
      }
    }
  }

  private func level(of table: Int, on port: HotplugPort) -> Level? {
    UInt8(exactly: port.life(ofTable: table).level).flatMap(Level.init)
  }

  /// Notes the function that freed a page: the one for backing, or the one for the level of the table.
  private mutating func noteFree(_ pfn: UInt64, layout: AddressLayout, on port: HotplugPort) {
    guard let table = Pool.table(ofPFN: pfn, in: layout), table < port.tableCount else {
      functions.insert(.freeVmemmapStorage)
      return
    }
    freesTables = true
    switch level(of: table, on: port) {
    case .pte?: functions.insert(.freePteTable)
    case .pmd?: functions.insert(.freePmdTable)
    // A pud table that the case allocated has no constructor, so its level is unknown.
    case .pud?, nil: functions.insert(.freePudTable)
    default: break
    }
  }
}
