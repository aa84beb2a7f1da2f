// SPDX-License-Identifier: GPL-2.0-only

/// Reads the members of a JSON object strictly. Every error names the path of the member.
package struct ObjectReader {
  package let path: String
  private let members: [String: JSONValue]

  /// Reads an object that may have these members and no others.
  package init(_ value: JSONValue, path: String, keys: Set<String>) throws(ScenarioError) {
    guard case .object(let list) = value else { throw ScenarioError(path, "not an object") }
    var members: [String: JSONValue] = [:]
    for member in list {
      guard keys.contains(member.key) else {
        throw ScenarioError(path, "unknown member \(ScenarioError.quoted(member.key))")
      }
      members[member.key] = member.value
    }
    self.path = path
    self.members = members
  }

  package func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  package func has(_ key: String) -> Bool { members[key] != nil }

  /// The value of a required member. Throws if it is nil.
  package func require<Value>(_ key: String, _ value: Value?) throws(ScenarioError) -> Value {
    guard let value else { throw ScenarioError(path(of: key), "missing") }
    return value
  }

  package func value(_ key: String) -> JSONValue? { members[key] }

  package func string(_ key: String) throws(ScenarioError) -> String? {
    guard let value = members[key] else { return nil }
    guard case .string(let text) = value else {
      throw ScenarioError(path(of: key), "not a string")
    }
    return text
  }

  package func bool(_ key: String) throws(ScenarioError) -> Bool? {
    guard let value = members[key] else { return nil }
    guard case .bool(let flag) = value else {
      throw ScenarioError(path(of: key), "neither true nor false")
    }
    return flag
  }

  /// An integer that fits the type.
  package func integer<Value: FixedWidthInteger>(
    _ key: String, as type: Value.Type = Value.self
  ) throws(ScenarioError) -> Value? {
    guard let value = members[key] else { return nil }
    guard case .integer(let integer) = value else {
      throw ScenarioError(path(of: key), "not a whole number")
    }
    guard let exact = Value(exactly: integer) else {
      throw ScenarioError(path(of: key), "\(integer) is out of range")
    }
    return exact
  }

  /// A 64-bit quantity as hexadecimal text, e.g. "0x80000".
  package func hex(_ key: String) throws(ScenarioError) -> UInt64? {
    guard let text = try string(key) else { return nil }
    let digits = text.utf8.dropFirst(2)
    guard text.hasPrefix("0x"), (1...16).contains(digits.count),
      digits.allSatisfy({ Self.isHexDigit($0) }),
      let number = UInt64(text.dropFirst(2), radix: 16)
    else {
      throw ScenarioError(
        path(of: key), "\(ScenarioError.quoted(text)) is not a hex string like \"0x80000\"")
    }
    return number
  }

  /// The elements of an array, each with its path; empty if the member is absent.
  package func list(_ key: String) throws(ScenarioError) -> [(value: JSONValue, path: String)] {
    guard let value = members[key] else { return [] }
    guard case .array(let values) = value else {
      throw ScenarioError(path(of: key), "not an array")
    }
    return values.enumerated().map { ($0.element, "\(path(of: key))[\($0.offset)]") }
  }

  /// A number, whole or not.
  package func number(_ key: String) throws(ScenarioError) -> Double? {
    switch members[key] {
    case nil: return nil
    case .integer(let integer): return Double(integer)
    case .number(let number): return number
    default: throw ScenarioError(path(of: key), "not a number")
    }
  }

  /// A string that is one of the names of an enumeration, which `what` says.
  package func name<Value: RawRepresentable<String>>(
    _ key: String, _ what: String
  ) throws(ScenarioError) -> Value? {
    guard let text = try string(key) else { return nil }
    guard let value = Value(rawValue: text) else {
      throw ScenarioError(path(of: key), "\(ScenarioError.quoted(text)) is not \(what)")
    }
    return value
  }

  /// The elements of an array of strings; empty if the member is absent.
  package func strings(_ key: String) throws(ScenarioError) -> [String] {
    try list(key).map { element throws(ScenarioError) in
      guard case .string(let text) = element.value else {
        throw ScenarioError(element.path, "not a string")
      }
      return text
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
