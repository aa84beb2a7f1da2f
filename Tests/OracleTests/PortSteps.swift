// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port

extension HotplugPort {
  /// The rules that the port breaks in a case.
  func violations(_ scenario: Scenario) throws -> [Violation] {
    let image = try scenario.lowered()
    return Oracle.violations(image, steps(image))
  }
}
