// SPDX-License-Identifier: GPL-2.0-only

/// The pairs of kernel pages and model pages. Both sides allocate any page they like, but a page of one side
/// always pairs with the same page of the other.
struct PageBindings {
  private(set) var kernelPFNs: [UInt64: UInt64] = [:]
  private var modelPFNs: [UInt64: UInt64] = [:]

  /// Records a pair, or finds it recorded; false if one of the pages already has another partner.
  mutating func bind(model: UInt64, kernel: UInt64) -> Bool {
    switch (kernelPFNs[model], modelPFNs[kernel]) {
    case (nil, nil):
      kernelPFNs[model] = kernel
      modelPFNs[kernel] = model
      return true
    case (kernel?, model?): return true
    default: return false
    }
  }

  /// The kernel's page for a page of the model.
  func kernel(ofModel pfn: UInt64) -> UInt64? { kernelPFNs[pfn] }

  /// Whether a page of the kernel has a partner.
  func hasKernel(_ pfn: UInt64) -> Bool { modelPFNs[pfn] != nil }
}
