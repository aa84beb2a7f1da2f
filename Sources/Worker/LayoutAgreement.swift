// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// Checks the Swift mirrors of the shim's structures against the C layouts. Traces and images cross the
/// boundary as memory, so a moved field would corrupt every observation.
enum LayoutAgreement {
  /// Stops the program if a mirrored layout differs; cheap enough for every start.
  static func check() {
    precondition(MemoryLayout<Event>.stride == MemoryLayout<mhp_event>.stride)
    // Swift sees no offsets in C's unions; layout.c asserts that those of mhp_event are the same.
    precondition(MemoryLayout<Event>.offset(of: \.detail) == 4)
    precondition(MemoryLayout<Event>.offset(of: \.a) == 8)
    precondition(MemoryLayout<Event>.offset(of: \.d) == 32)
    precondition(MemoryLayout<Operation>.stride == MemoryLayout<mhp_operation>.stride)
    precondition(
      MemoryLayout<Operation>.offset(of: \.start) == MemoryLayout<mhp_operation>.offset(of: \.start)
    )
    precondition(
      MemoryLayout<Operation>.offset(of: \.parentSlot)
        == MemoryLayout<mhp_operation>.offset(of: \.parent_slot))
    precondition(MemoryLayout<TableState>.stride == MemoryLayout<mhp_table_state>.stride)
    precondition(MemoryLayout<TableRun>.stride == MemoryLayout<mhp_run>.stride)
    precondition(
      MemoryLayout<TableRun>.offset(of: \.count) == MemoryLayout<mhp_run>.offset(of: \.count))
    precondition(
      MemoryLayout<TableRun>.offset(of: \.step) == MemoryLayout<mhp_run>.offset(of: \.step))
    precondition(MemoryLayout<FrameRange>.stride == MemoryLayout<mhp_frame_range>.stride)
    precondition(MemoryLayout<AltmapState>.stride == MemoryLayout<mhp_altmap>.stride)
    precondition(MemoryLayout<SectionState>.stride == MemoryLayout<mhp_section>.stride)
    precondition(
      MemoryLayout<SectionState>.offset(of: \.early)
        == MemoryLayout<mhp_section>.offset(of: \.is_early))
    precondition(SectionState.capacity == Int(MHP_MAX_SECTIONS))
    precondition(PgmapState.largestShift == UInt8(MHP_MAX_VMEMMAP_SHIFT))
    precondition(Pool.hostBase == MHP_POOL_BASE)
    precondition(Pool.stridePages == UInt64(MHP_POOL_STRIDE_PAGES))
    precondition(Pool.capacity == Int(MHP_POOL_CAPACITY))
    precondition(Pool.guardedTables == Int(MHP_POOL_GUARDED))
    precondition(
      MemoryLayout<Operation>.offset(of: \.blockSize)
        == MemoryLayout<mhp_operation>.offset(of: \.block_size))
    precondition(Blocks.firstPage == MHP_BLOCKS_FIRST_PAGE && Blocks.pages == MHP_BLOCKS_PAGES)
    precondition(AddressLayout.kernelImageSize == MHP_KERNEL_IMAGE_SIZE)
    precondition(AddressLayout.kernelTextSize == MHP_KERNEL_TEXT_SIZE)
    precondition(KernelFunction.allCases.count == Int(MHP_FUNCTIONS.rawValue))
  }
}
