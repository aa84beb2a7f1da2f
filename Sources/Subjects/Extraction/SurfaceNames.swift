// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The surface's functions by their C names.
enum SurfaceNames {
  static let all = Set(KernelFunction.allCases.map(\.name))
  /// Whether commit c75a74f4ba19 adds the function of that name.
  static func isOfHotplug(_ name: String) -> Bool {
    KernelFunction(name: name)?.isOfHotplug ?? false
  }

  /// Says which functions make page tables once the kernel runs. It is called before each call of the
  /// surface, in place of the harness's own choice, by a subject that has it.
  static let preparation = "pt_ops_set_late"
}
