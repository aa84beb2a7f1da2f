// SPDX-License-Identifier: GPL-2.0-only

/// The life of a table page so far, with the layout of `struct mhp_page_life` in the shim.
public struct PageLife: BitwiseCopyable, Hashable, Sendable, Codable {
  /// `Level.rawValue`.
  public var level: UInt32
  /// `PageOwner.rawValue`.
  public var owner: UInt32
  /// 1 until the page is freed, then 0.
  public var live: UInt32
  /// Constructors run minus destructors run.
  public var constructed: Int32

  public init(level: UInt32, owner: UInt32, live: UInt32, constructed: Int32) {
    self.level = level
    self.owner = owner
    self.live = live
    self.constructed = constructed
  }
}
