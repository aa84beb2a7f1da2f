// SPDX-License-Identifier: GPL-2.0-only

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The RAM of a virtual machine: a file that another process has mapped, too, to be read only. Words may
/// change between two looks unless that machine is stopped.
///
/// This is beside `TableMemory` the one place of the module with unsafe pointers. What holds at any time:
/// - `words` is one shared mapping of `size` bytes, a multiple of the page size, that nobody writes through;
///   it lives as long as the object.
/// - The file is at least `size` long; whoever shortens it while the object lives ends the process, so it
///   belongs to a folder of this process alone.
/// - A word is read only after its page was found to lie within `size`.
public final class MappedRAM: @unchecked Sendable {
  // Sendable, because after `init` nothing of the object changes, and what the file holds is read
  // a word at a time.
  private let words: UnsafeRawPointer
  private let size: Int
  /// The physical address of the file's first byte.
  public let base: UInt64

  /// The file at `path` as the memory from `base` on, in bytes, a multiple of the page size; nil when it
  /// cannot be read or mapped, or has no whole page.
  public init?(path: String, base: UInt64) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard base % AddressLayout.pageSize == 0, fstat(file, &status) == 0 else { return nil }
    let whole = Int(status.st_size) & ~(Int(AddressLayout.pageSize) - 1)
    guard whole > 0, let mapping = mmap(nil, whole, PROT_READ, MAP_SHARED, file, 0),
      mapping != MAP_FAILED
    else { return nil }
    words = UnsafeRawPointer(mapping)
    size = whole
    self.base = base
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: words), size) }

  /// The 512 words of a page; nil outside the memory.
  public func page(pfn: UInt64) -> [UInt64]? {
    guard let offset = offset(ofPFN: pfn) else { return nil }
    return [UInt64](unsafeUninitializedCapacity: Pool.wordsPerPage) { buffer, count in
      for slot in 0..<Pool.wordsPerPage {
        buffer.initializeElement(at: slot, to: word(offset + slot * 8))
      }
      count = Pool.wordsPerPage
    }
  }

  /// The word at a physical address, a multiple of 8; nil outside the memory.
  public func word(at address: UInt64) -> UInt64? {
    guard address % 8 == 0, let page = offset(ofPFN: address >> AddressLayout.pageShift) else {
      return nil
    }
    return word(page + Int(address & (AddressLayout.pageSize - 1)))
  }

  private func offset(ofPFN pfn: UInt64) -> Int? {
    let first = base >> AddressLayout.pageShift
    guard pfn >= first, pfn - first < UInt64(size) >> AddressLayout.pageShift else { return nil }
    return Int((pfn - first) << AddressLayout.pageShift)
  }

  private func word(_ offset: Int) -> UInt64 {
    words.load(fromByteOffset: offset, as: UInt64.self)
  }
}
