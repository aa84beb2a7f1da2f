// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The operations of a case of a universe, one or two, and the failures injected into them. The cases of one state
/// differ in nothing else. It is a flat value, so that a case costs no reference counting.
public struct UniverseCall: BitwiseCopyable, Sendable {
  /// The second counts only if `count` is 2.
  public internal(set) var operations: (Operation, Operation)
  public internal(set) var count = 1
  public internal(set) var isDebugPagealloc = false
  public internal(set) var failingAllocation: UInt32 = 0
  public internal(set) var allocationBudget: UInt32 = .max
  public internal(set) var addPagesResult: Int32 = 0
}
