// SPDX-License-Identifier: GPL-2.0-only

/// The columns of a function's row, and what follows from them.
extension KernelFunction {
  /// The row, to read several columns outside of loops.
  public var row: SurfaceRow { SurfaceTable.rows[Int(rawValue)] }

  /// The C name, e.g. "free_pte_table".
  public var name: String { SurfaceTable.rows[Int(rawValue)].name }

  public var purpose: SurfaceRow.Purpose { SurfaceTable.rows[Int(rawValue)].purpose }

  public var result: SurfaceRow.Result { SurfaceTable.rows[Int(rawValue)].result }

  /// The functions of the surface that this one calls directly.
  public var callees: [KernelFunction] { SurfaceTable.rows[Int(rawValue)].callees }

  /// Whether commit c75a74f4ba19 adds it; the others come from the series or the kernel before it.
  public var isOfHotplug: Bool { SurfaceTable.rows[Int(rawValue)].isOfHotplug }

  /// Whether it is the kernel's generic code, which only a tree brings and the reference lacks.
  public var isOfGenericCode: Bool { SurfaceTable.rows[Int(rawValue)].isOfGenericCode }

  /// Whether generic code calls it, so that a kernel without it lacks a behaviour.
  public var isEntryPoint: Bool { SurfaceTable.rows[Int(rawValue)].isEntryPoint }

  /// Whether a call may have a value for a parameter of the role.
  public func takes(_ role: SurfaceParameter.Role) -> Bool {
    SurfaceTable.rows[Int(rawValue)].takes(role)
  }

  /// Whether the range that it takes consists of physical addresses.
  public var hasPhysicalRange: Bool { takes(.physicalStart) }

  /// Whether it is about the memmap, whatever its arguments are.
  public var hasMemmapRange: Bool { takes(.memmapStart) }

  /// Whether the range that it takes consists of virtual addresses.
  public var hasVirtualRange: Bool { takes(.start) || takes(.memmapStart) }

  /// The level whose entries a `remove_*_mapping` function with a base argument walks.
  public var walkedLevel: Level? { takes(.base) ? SurfaceTable.rows[Int(rawValue)].level : nil }

  /// The level whose entries a `create_*_mapping` writes; its argument is a table of that level.
  public var createdLevel: Level? { takes(.table) ? SurfaceTable.rows[Int(rawValue)].level : nil }

  /// The level of the table that it walks or frees; nil if it takes no such table.
  public var baseLevel: Level? {
    takes(.freedTable) ? SurfaceTable.rows[Int(rawValue)].level : walkedLevel
  }

  /// The first function of a purpose at a level; nil if there is none.
  public static func that(_ purpose: SurfaceRow.Purpose, at level: Level) -> KernelFunction? {
    SurfaceTable.rows.first { $0.purpose == purpose && $0.level == level }?.function
  }

  /// This function and all functions that it calls, directly or indirectly.
  public var reach: Set<KernelFunction> {
    var found: Set<KernelFunction> = [self]
    var work = [self]
    while let next = work.popLast() {
      for callee in next.callees where found.insert(callee).inserted { work.append(callee) }
    }
    return found
  }
}
