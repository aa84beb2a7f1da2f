// SPDX-License-Identifier: GPL-2.0-only

/// A parameter of a function of the surface.
public struct SurfaceParameter: Sendable, Hashable {
  /// How a case hands a parameter over.
  public enum Use: Sendable {
    /// Each call has a value for it.
    case required
    /// A call without a value means slot 0, false, NULL, node 0, the best size, or the protection of the
    /// address.
    case optional
    /// No call has a value for it.
    case none
  }

  /// The meaning of a parameter, whatever its C name and type are.
  public enum Role: UInt8, CaseIterable, Sendable {
    /// The first entry of the table that `free_*_table` examines.
    case freedTable
    /// The entry that points to that table.
    case parentEntry
    /// The first entry of a walk: that of a table, or the root's entry for a folded level.
    case base
    /// The first entry of the table that gets a mapping.
    case table
    /// The PMD that a hook of generic code sets or checks.
    case entry
    /// The start of a virtual range.
    case start
    /// The start of a virtual range in the memmap, whatever the other arguments are.
    case memmapStart
    /// The start of a physical range.
    case physicalStart
    /// The first address after the range, virtual or physical as its start.
    case end
    /// Bytes, of the range or of a block.
    case size
    /// One virtual address.
    case address
    /// One physical address: the target of a mapping, or the place of a table.
    case physical
    /// A pointer to the block of memory that backs a part of the memmap.
    case block
    /// Bytes of each leaf.
    case blockSize
    /// The `struct page` of a page frame.
    case pageFrame
    case isVmemmap
    case altmap
    case pgmap
    /// `struct mhp_params`: a protection, an altmap and a pgmap.
    case hotplugParameters
    case node
    case protection
    /// A pointer to a protection; null stands for the protection of each address.
    case protectionPointer
    /// The name of an area, for messages.
    case area
  }

  public let role: Role
  public let use: Use
  /// Whether the function has it in every kernel that has the function.
  public let isOfEveryEra: Bool

  /// A parameter of every era, with a value in each call.
  static func always(_ role: Role) -> Self {
    Self(role: role, use: .required, isOfEveryEra: true)
  }

  /// A parameter of some eras, with a value in each call.
  static func recent(_ role: Role) -> Self {
    Self(role: role, use: .required, isOfEveryEra: false)
  }

  /// A parameter of some eras, for which a call may have a value.
  static func maybe(_ role: Role) -> Self {
    Self(role: role, use: .optional, isOfEveryEra: false)
  }

  /// A parameter of some eras that nothing depends on.
  static func unused(_ role: Role) -> Self {
    Self(role: role, use: .none, isOfEveryEra: false)
  }
}
