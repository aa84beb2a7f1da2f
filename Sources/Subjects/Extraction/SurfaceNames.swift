// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The C names of the surface's functions.
enum SurfaceNames {
  static let all = Set(KernelFunction.allCases.map(\.name))
  /// Whether commit c75a74f4ba19 adds the function of that name.
  static func isOfHotplug(_ name: String) -> Bool {
    KernelFunction(name: name)?.isOfHotplug ?? false
  }

  /// The function that selects the allocators of page tables for a running kernel. If the subject has it, the
  /// harness calls it before each call of the surface, instead of its own selection.
  static let preparation = "pt_ops_set_late"
}
