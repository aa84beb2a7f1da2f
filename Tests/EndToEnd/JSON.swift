// SPDX-License-Identifier: GPL-2.0-only

/// Any JSON value, so that tests can check the types in a report.
indirect enum JSON: Decodable, Sendable, Equatable {
  case object([String: JSON])
  case array([JSON])
  case string(String)
  case number(Double)
  case bool(Bool)
  case null

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSON].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  var object: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
  var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var number: Double? { if case .number(let value) = self { value } else { nil } }

  /// The keys that "mhpcheck.report/1" promises.
  static let reportKeys: Set<String> = [
    "schema", "tool", "subject", "against", "verdict", "missingFixes", "functions", "modes",
    "cases", "seconds", "seed", "differences", "equivalences", "hazards",
  ]
}
