// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The position of a case in its universe.
public struct UniverseCase: Hashable, Comparable, Sendable, Codable {
  /// 0 ..< `stateCount`.
  public var state: UInt64
  /// An index into the operations of the universe.
  public var operation: Int
  /// 0 ..< `rangeCount`.
  public var range: UInt64

  public init(state: UInt64, operation: Int, range: UInt64) {
    self.state = state
    self.operation = operation
    self.range = range
  }

  /// Compares by state, operation and range.
  public static func < (left: UniverseCase, right: UniverseCase) -> Bool {
    (left.state, left.operation, left.range) < (right.state, right.operation, right.range)
  }
}

extension Universe {
  /// Whether the universe has this case.
  public func has(_ place: UniverseCase) -> Bool {
    place.state < stateCount && operations.indices.contains(place.operation)
      && place.range < rangeCount
  }

  /// The case's number in the order of states, operations and ranges.
  public func index(of place: UniverseCase) -> UInt64 {
    (place.state * UInt64(operations.count) + UInt64(place.operation)) * rangeCount + place.range
  }

  /// The case as a scenario, to show and to replay. The id holds the position in the universe.
  public func scenario(of place: UniverseCase) -> Scenario {
    var cursor = UniverseCursor(self)
    cursor.setState(place.state)
    cursor.setCall(place.operation, range: place.range)
    return Scenario(
      raising: cursor.image,
      id: "universe/\(name)/\(place.state)-\(place.operation)-\(place.range)",
      purpose: "State \(place.state) of \(stateCount) of universe \(name).")
  }
}

extension Scenario {
  /// The scenario that lowers to an image: the inverse of `lowered`.
  init(raising image: MachineImage, id: String, purpose: String) {
    let bits = Architecture.riscv.entryBits
    var tables = image.tables.map { state in
      Table(
        level: Level(rawValue: UInt8(state.level)) ?? .pte,
        owner: PageOwner(rawValue: state.owner) ?? .allocator, isConstructed: state.constructed == 1
      )
    }
    for run in image.runs.sorted(by: { ($0.table, $0.slot) < ($1.table, $1.slot) }) {
      for (slot, word) in run.words {
        let pfn = (word >> bits.pfnShift) & ((1 << bits.pfnBits) - 1)
        let value: EntryValue
        if word & bits.present == 0 {
          value = .raw(word)
        } else if word & bits.leaf != 0 {
          value = .leaf(pfn: pfn, protection: word & ((1 << bits.pfnShift) - 1))
        } else if let table = Pool.table(ofPFN: pfn, in: image.layout), table < tables.count {
          value = .table(table)
        } else {
          value = .raw(word)
        }
        tables[Int(run.table)].entries.append(EntryRun(slot: slot, value: value))
      }
    }
    self.init(
      id: id, purpose: purpose, mode: image.layout.mode.name, indexBits: image.layout.indexBits,
      tables: tables,
      frames: image.frames.map {
        Frames(pfn: $0.pfn, count: $0.count, owner: PageOwner(rawValue: $0.owner) ?? .allocator)
      },
      altmaps: image.altmaps.map {
        Altmap(
          basePFN: $0.basePFN, endPFN: $0.endPFN, reserve: $0.reserve, free: $0.free,
          align: $0.align, alloc: $0.alloc)
      },
      globals: Globals(
        maxPFN: image.maxPFN, maxLowPFN: image.maxLowPFN,
        isDebugPagealloc: image.isDebugPagealloc, isUniprocessor: image.isUniprocessor),
      injected: InjectedFailures(
        addPagesResult: image.addPagesResult,
        allocationBudget: image.allocationBudget == .max ? nil : image.allocationBudget,
        failingAllocation: image.failingAllocation == 0 ? nil : image.failingAllocation),
      operations: image.operations.compactMap { Call(raising: $0) })
  }
}

extension Scenario.Call {
  /// The call that lowers to an operation of a universe.
  init?(raising operation: Operation) {
    guard let function = KernelFunction(rawValue: operation.function) else { return nil }
    self.init(function)
    let fields = function.requiredFields.union(function.optionalFields)
    for field in fields {
      switch field {
      case .table: table = Int(operation.table)
      case .parentTable: parentTable = Int(operation.parentTable)
      case .parentSlot:
        let isNeeded = function.requiredFields.contains(field) || operation.parentSlot != 0
        parentSlot = isNeeded ? Int(operation.parentSlot) : nil
      case .start: start = operation.start
      case .end: end = operation.end
      case .size: size = operation.end
      case .pfn: pfn = operation.start
      case .isVmemmap: isVmemmap = operation.isVmemmap == 1
      case .altmap: altmap = operation.altmap == 0 ? nil : Int(operation.altmap)
      case .pgmap: pgmap = operation.pgmap == 0 ? nil : Int(operation.pgmap)
      case .node: node = operation.node
      case .protection:
        let isNull = operation.protection == 0 && !function.requiredFields.contains(field)
        protection = isNull ? nil : operation.protection
      case .physical: physical = operation.physical
      case .blockSize:
        let isBest = operation.blockSize == 0 && !function.requiredFields.contains(field)
        blockSize = isBest ? nil : operation.blockSize
      }
    }
  }
}
