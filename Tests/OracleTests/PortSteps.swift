// SPDX-License-Identifier: GPL-2.0-only

import Execution
import HotplugPort
import MachineModel
import Scenarios

@testable import Oracle

extension HotplugPort {
  /// What the port did by the end of each call of a case.
  func steps(_ image: MachineImage) -> [Observation] {
    image.operations.indices.map { index in
      var part = image
      part.operations = Array(image.operations.prefix(index + 1))
      return observe(part)
    }
  }

  /// The rules that the port breaks in a case.
  func violations(_ scenario: Scenario) throws -> [Violation] {
    let image = try scenario.lowered()
    return Oracle.violations(image, steps(image))
  }
}
