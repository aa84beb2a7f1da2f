// SPDX-License-Identifier: GPL-2.0-only

import Synchronization

/// The symbols of kernels that ran: their addresses are the same at each boot (`nokaslr`), and to be told them takes
/// a guest longer than anything else.
final class SymbolCache: Sendable {
  private let known = Mutex<[String: KernelSymbols]>([:])

  /// Knows no kernel yet.
  init() {}

  /// Those of a kernel's image.
  func symbols(of image: String) -> KernelSymbols? { known.withLock { $0[image] } }

  /// Notes those of a kernel's image.
  func note(_ symbols: KernelSymbols, of image: String) { known.withLock { $0[image] = symbols } }
}

/// Where the kernel keeps what a case looks at, as virtual addresses (`/proc/kallsyms`).
struct KernelSymbols: Hashable, Sendable {
  /// `swapper_pg_dir`, the root that all others have their upper half of.
  let root: UInt64
  /// `max_pfn`.
  let maxPFN: UInt64
  /// `max_low_pfn`.
  let maxLowPFN: UInt64
  /// `vmemmap_start_pfn`; nil on kernels whose memmap begins at page frame 0.
  let vmemmapStartPFN: UInt64?

  /// What prints them.
  static let command =
    "grep -E ' (max_pfn|max_low_pfn|swapper_pg_dir|vmemmap_start_pfn)$' /proc/kallsyms"

  /// Reads what `command` prints; nil where a symbol is missing.
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
