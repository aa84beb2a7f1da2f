// SPDX-License-Identifier: GPL-2.0-only

/// FNV-1a, which is not safe against deliberate collisions, and need not be: a subject could only make two of its own
/// mutants look the same.
package enum Fingerprint {
  /// The hash of some bytes, as 16 hexadecimal digits.
  package static func of(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
