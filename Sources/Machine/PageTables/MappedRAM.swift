// SPDX-License-Identifier: GPL-2.0-only

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The RAM of a virtual machine: a read-only mapping of a file that another process maps, too. Words may
/// change between two reads unless that machine is stopped.
///
/// Only this class and `TableMemory` use unsafe pointers in this module. Invariants:
/// - `words` is one shared mapping of `size` bytes, a multiple of the page size. Nobody writes through
///   it, and it lives as long as the object.
/// - The file is at least `size` bytes long. A process that shortens it while the object lives kills
///   this process, so the file must lie in a folder of this process alone.
/// - A word is read only after a check that its page lies within `size`.
public final class MappedRAM: @unchecked Sendable {
  // Sendable, because the object does not change after `init`, and the file's content is read one word
  // at a time.
  private let words: UnsafeRawPointer
  private let size: Int
  /// The physical address of the file's first byte.
  public let base: UInt64

  /// Maps the file at `path` as the memory from `base` on, which is a multiple of the page size in
  /// bytes. Nil if the file cannot be read or mapped, or has no whole page.
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
