// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Cases
import Machine

/// A copy of the arrays of an image in memory that does not move, for the many cases that start from one state.
///
/// Invariants: `flat` is valid as long as this object. It points into the memory of `arrays`, which this object owns
/// and frees only when it replaces or drops them; nobody else has the pointers for longer than a call.
final class HeldState {
  let flat = UnsafeMutablePointer<mhp_image>.allocate(capacity: 1)
  private var arrays: [UnsafeMutableRawBufferPointer] = []

  init() { flat.initialize(to: mhp_image()) }

  deinit {
    drop()
    flat.deallocate()
  }

  /// Copies an image, and drops the one before.
  func set(_ image: MachineImage) {
    drop()
    flat.pointee = mhp_image(countsAndGlobalsOf: image)
    flat.pointee.tables = copy(image.tables, as: mhp_table_state.self)
    flat.pointee.runs = copy(image.runs, as: mhp_run.self)
    flat.pointee.frames = copy(image.frames, as: mhp_frame_range.self)
    flat.pointee.altmaps = copy(image.altmaps, as: mhp_altmap.self)
    flat.pointee.sections = copy(image.sections, as: mhp_section.self)
  }

  /// Sets what a call of a universe changes beside its operations.
  func set(_ call: UniverseCall) {
    flat.pointee.debug_pagealloc = call.isDebugPagealloc ? 1 : 0
    flat.pointee.failing_allocation = call.failingAllocation
    flat.pointee.allocation_budget = call.allocationBudget
    flat.pointee.add_pages_result = call.addPagesResult
  }

  private func copy<Element: BitwiseCopyable, Flat>(
    _ elements: [Element], as: Flat.Type
  ) -> UnsafePointer<Flat>? {
    guard !elements.isEmpty else { return nil }
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: elements.count * MemoryLayout<Element>.stride, alignment: 8)
    elements.withUnsafeBytes { bytes.copyMemory(from: $0) }
    arrays.append(bytes)
    return bytes.baseAddress.map { UnsafePointer($0.assumingMemoryBound(to: Flat.self)) }
  }

  private func drop() {
    for bytes in arrays { bytes.deallocate() }
    arrays.removeAll(keepingCapacity: true)
  }
}
