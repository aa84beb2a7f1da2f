// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

/// The surface's functions by their C names.
enum SurfaceNames {
  static let all = Set(SurfaceFunction.allCases.map(\.name))
}
