// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The schema of the JSON form, with its version.
let scenarioSchema = "mhpcheck.scenario/1"

extension Level {
  /// The level with this kernel name.
  init?(scenarioName name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

extension PageOwner {
  /// The name in JSON: "allocator", "reserved" or "altmap".
  var scenarioName: String {
    switch self {
    case .allocator: "allocator"
    case .reserved: "reserved"
    case .altmap: "altmap"
    }
  }

  init?(scenarioName name: String) {
    guard let found = Self.allCases.first(where: { $0.scenarioName == name }) else { return nil }
    self = found
  }
}
