// SPDX-License-Identifier: GPL-2.0-only

/// The contents of a processor's `satp` (The RISC-V Instruction Set Manual, volume II, 12.1.11): the mode in
/// the upper 4 bits, the root table's page frame in the lower 44.
struct AddressTranslation: Hashable, Sendable {
  /// "sv39", "sv48" or "sv57".
  let mode: String
  let rootPFN: UInt64

  private static let modes: [UInt64: String] = [8: "sv39", 9: "sv48", 10: "sv57"]

  /// Reads it from QEMU's output for "info registers"; nil where the output does not have it, or where
  /// addresses are not translated.
  init?(registers: String) {
    for line in registers.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      guard words.count == 2, words[0] == "satp", let value = UInt64(words[1], radix: 16) else {
        continue
      }
      guard let mode = Self.modes[value >> 60] else { return nil }
      self.mode = mode
      rootPFN = value & ((1 << 44) - 1)
      return
    }
    return nil
  }
}
