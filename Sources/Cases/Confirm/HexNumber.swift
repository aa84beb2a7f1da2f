// SPDX-License-Identifier: GPL-2.0-only

/// A 64-bit number, written to JSON as hexadecimal text because not every reader has 64 bits for JSON
/// numbers.
struct HexNumber: Codable, Hashable, Sendable {
  let value: UInt64

  init(_ value: UInt64) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard text.hasPrefix("0x"), text.utf8.count <= 18,
      let value = UInt64(text.dropFirst(2), radix: 16)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a hexadecimal number such as 0x1000")
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("0x" + String(value, radix: 16))
  }
}
