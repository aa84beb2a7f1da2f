// SPDX-License-Identifier: GPL-2.0-only

/// Which page of the kernel's plays the part of which page of the model's: both allocate where they like, but
/// one page is one page on both sides.
struct PageBindings {
  private(set) var kernelPFNs: [UInt64: UInt64] = [:]
  private var modelPFNs: [UInt64: UInt64] = [:]

  /// Notes a pair, or finds it noted; false where one of them already has another partner.
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

  /// The kernel's page for a page of the model's.
  func kernel(ofModel pfn: UInt64) -> UInt64? { kernelPFNs[pfn] }

  /// Whether a page of the kernel's has a partner.
  func hasKernel(_ pfn: UInt64) -> Bool { modelPFNs[pfn] != nil }
}
