// SPDX-License-Identifier: GPL-2.0-only

/// What one function of the surface is. Everything that the harness knows of all functions alike follows
/// from these rows: the fields of a call, the arguments for a signature, the duty that the oracle holds a
/// call to. Only the port and the explanations have something of their own for each function.
public struct SurfaceRow: Sendable {
  /// The kind of work that a function does.
  public enum Purpose: UInt8, CaseIterable, Sendable {
    /// Frees one table if it is empty.
    case freesTable
    /// Frees the pages behind a leaf of the memmap.
    case freesStorage
    /// Removes the mappings of a range.
    case unmaps
    /// Adds memory to the kernel.
    case addsMemory
    /// Removes memory from the kernel.
    case removesMemory
    /// Creates linear mappings: a leaf through a table, or those of a range.
    case maps
    /// Creates the memmap of a range.
    case populates
    /// Makes an entry a leaf over a block that its caller allocated.
    case setsEntry
    /// Fills slots of the root with tables.
    case preallocates
    /// Allocates the page of a table, which belongs to the caller.
    case allocatesTable
    /// Answers a question and changes nothing.
    case answers
  }

  /// The kind of value that a function returns.
  public enum Result: UInt8, CaseIterable, Sendable {
    case nothing
    /// A `struct range`.
    case range
    /// 0 or a negative error number.
    case error
    /// Whether something holds, as an `int`.
    case flag
    /// Bytes.
    case size
    case protection
    /// The physical or virtual address of a table.
    case address
  }

  public let function: KernelFunction
  /// The C name, e.g. "free_pte_table".
  public let name: String
  public let purpose: Purpose
  /// The level of the table that it walks, frees, allocates or writes to; nil if it has none.
  public let level: Level?
  /// In C's order, with those that only some eras have.
  public let parameters: [SurfaceParameter]
  public let result: Result
  /// The functions of the surface that it calls directly, according to the contract. Calls through the
  /// generic core and `pt_ops` count, too.
  public let callees: [KernelFunction]
  /// Whether generic code calls it, so that a kernel without it lacks a behaviour.
  public let isEntryPoint: Bool
  /// Whether commit c75a74f4ba19 adds it; the others come from the series or the kernel before it.
  public let isOfHotplug: Bool
  /// Whether it is the kernel's generic code (mm/), which only a tree brings. The reference lacks it and runs
  /// with a stand-in.
  public let isOfGenericCode: Bool
  /// The roles for which a call may have a value, as bits.
  private let roles: UInt32

  private init(
    _ function: KernelFunction, _ name: String, _ purpose: Purpose, _ level: Level?,
    _ parameters: [SurfaceParameter], _ result: Result, _ callees: [KernelFunction],
    isEntryPoint: Bool = false, isOfHotplug: Bool = false, isOfGenericCode: Bool = false
  ) {
    self.function = function
    self.name = name
    self.purpose = purpose
    self.level = level
    self.parameters = parameters
    self.result = result
    self.callees = callees
    self.isEntryPoint = isEntryPoint
    self.isOfHotplug = isOfHotplug
    self.isOfGenericCode = isOfGenericCode
    roles = parameters.reduce(0) { $1.use == .none ? $0 : $0 | 1 << UInt32($1.role.rawValue) }
  }

  /// A function that commit c75a74f4ba19 adds.
  static func hotplug(
    _ function: KernelFunction, _ name: String, _ purpose: Purpose, at level: Level? = nil,
    _ parameters: [SurfaceParameter], result: Result = .nothing,
    calls callees: [KernelFunction] = [], isEntryPoint: Bool = false
  ) -> Self {
    Self(
      function, name, purpose, level, parameters, result, callees, isEntryPoint: isEntryPoint,
      isOfHotplug: true)
  }

  /// A function of the series or of the kernel before it.
  static func creation(
    _ function: KernelFunction, _ name: String, _ purpose: Purpose, at level: Level? = nil,
    _ parameters: [SurfaceParameter], result: Result = .nothing,
    calls callees: [KernelFunction] = []
  ) -> Self {
    Self(function, name, purpose, level, parameters, result, callees)
  }

  /// A function of the kernel's generic code.
  static func generic(
    _ function: KernelFunction, _ name: String, _ purpose: Purpose, at level: Level? = nil,
    _ parameters: [SurfaceParameter], result: Result = .nothing,
    calls callees: [KernelFunction] = []
  ) -> Self {
    Self(function, name, purpose, level, parameters, result, callees, isOfGenericCode: true)
  }

  /// Whether a call may have a value for a parameter of the role.
  func takes(_ role: SurfaceParameter.Role) -> Bool { roles >> UInt32(role.rawValue) & 1 == 1 }
}
