// SPDX-License-Identifier: GPL-2.0-only

import Synchronization

/// The symbols of kernels that ran. Their addresses are the same at each boot (`nokaslr`), and no other
/// command takes a guest as long as printing them.
final class SymbolCache: Sendable {
  private let known = Mutex<[String: KernelSymbols]>([:])

  init() {}

  /// The symbols of a kernel's image.
  func symbols(of image: String) -> KernelSymbols? { known.withLock { $0[image] } }

  /// Records the symbols of a kernel's image.
  func note(_ symbols: KernelSymbols, of image: String) { known.withLock { $0[image] = symbols } }
}

/// The virtual addresses of the kernel's data that a case reads (`/proc/kallsyms`).
struct KernelSymbols: Hashable, Sendable {
  /// `swapper_pg_dir`, the root table whose upper half all others share.
  let root: UInt64
  /// `max_pfn`.
  let maxPFN: UInt64
  /// `max_low_pfn`.
  let maxLowPFN: UInt64
  /// `vmemmap_start_pfn`; nil on kernels whose memmap begins at page frame 0.
  let vmemmapStartPFN: UInt64?

  /// The command that prints them.
  static let command =
    "grep -E ' (max_pfn|max_low_pfn|swapper_pg_dir|vmemmap_start_pfn)$' /proc/kallsyms"

  /// Reads the output of `command`; nil if a symbol is missing.
  init?(_ text: String) {
    var addresses: [Substring: UInt64] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: " ")
      guard parts.count == 3, let address = UInt64(parts[0], radix: 16), address != 0 else {
        continue
      }
      addresses[parts[2]] = address
    }
    guard let root = addresses["swapper_pg_dir"], let maxPFN = addresses["max_pfn"],
      let maxLowPFN = addresses["max_low_pfn"]
    else { return nil }
    self.root = root
    self.maxPFN = maxPFN
    self.maxLowPFN = maxLowPFN
    vmemmapStartPFN = addresses["vmemmap_start_pfn"]
  }
}
