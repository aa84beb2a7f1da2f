// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

/// A kernel calls the functions that make and free the memmap on addresses of the memmap, and those that map
/// and unmap memory on addresses of the linear map. A text that warns about other addresses, as that of 7.1
/// does, must not be blamed.
@Suite("Every call uses addresses on which a kernel calls the function")
struct CallPlaceTests {
  /// The call, if its range is outside of the area on which a kernel calls the function; otherwise nil.
  private func stray(_ call: Operation, _ layout: AddressLayout) -> String? {
    guard let function = KernelFunction(rawValue: call.function) else { return nil }
    let (area, start, end): (Range<UInt64>, UInt64, UInt64)
    let memmap = layout.vmemmapStart..<layout.vmemmapEnd
    let linear = layout.pageOffset..<layout.pageOffset &+ layout.linearSize
    switch function {
    case _ where function.hasMemmapRange:
      (area, start, end) = (memmap, call.start, call.end)
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping,
      .removePgdMapping:
      guard call.isVmemmap != 0 else { return nil }
      (area, start, end) = (memmap, call.start, call.end)
    case .removeLinearMapping, .archRemoveMemory, .archAddMemory:
      area = linear
      start = layout.virtual(ofPhysical: call.start)
      end = start &+ call.end
    default: return nil
    }
    let isInside =
      start >= area.lowerBound && end <= area.upperBound && start <= area.upperBound
      && end >= area.lowerBound
    return isInside
      ? nil : "\(function.name)(\(String(start, radix: 16)), \(String(end, radix: 16)))"
  }

  @Test("in every named case", arguments: Architecture.riscv.modes)
  func named(mode: PagingMode) throws {
    try EveryImage.named(mode) { scenario, image in
      for call in image.operations { #expect(stray(call, image.layout) == nil, "\(scenario.id)") }
    }
  }

  @Test("in every universe, for every range", arguments: Architecture.riscv.modes)
  func universes(mode: PagingMode) {
    EveryImage.callsOfUniverses(mode) { place, image in
      let found = image.operations.compactMap { stray($0, image.layout) }
      if !found.isEmpty { Issue.record("\(place): \(found)") }
    }
  }

  @Test("in random cases", arguments: Architecture.riscv.modes)
  func random(mode: PagingMode) throws {
    try EveryImage.random(mode) { scenario, image in
      for call in image.operations { #expect(stray(call, image.layout) == nil, "\(scenario.id)") }
    }
  }

  /// The PFNs of the altmap's device.
  private func pages(of altmap: AltmapState) -> Range<UInt64> {
    altmap.basePFN..<altmap.endPFN + 1
  }

  @Test(
    "Every page of an altmap lies in one of the case's altmaps",
    arguments: Architecture.riscv.modes)
  func altmaps(mode: PagingMode) throws {
    try EveryImage.named(mode) { scenario, image in
      for frames in image.frames where frames.owner == PageOwner.altmap.rawValue {
        #expect(
          image.altmaps.contains {
            pages(of: $0).lowerBound <= frames.pfn
              && frames.pfn + frames.count <= pages(of: $0).upperBound
          }, "\(scenario.id)")
      }
    }
    EveryImage.universes(mode) { place, cursor in
      for frames in cursor.image.frames where frames.owner == PageOwner.altmap.rawValue {
        #expect(
          cursor.image.altmaps.allSatisfy {
            pages(of: $0).lowerBound <= frames.pfn
              && frames.pfn + frames.count <= pages(of: $0).upperBound
          }, "\(place)")
      }
    }
  }
}
