// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

extension ConfirmCase {
  /// 16 TiB: more than file systems hold in one file, sparse as it may be.
  private static let highest: UInt64 = 1 << 44
  private static let mostSteps = 100
  private static let mostRegions = 16
  private static let mostCycles = 100
  private static let mostBoot: UInt64 = 1 << 36
  /// `MHP_MAX_ALTMAPS` of the shim.
  private static let mostAltmaps = 8

  /// What is wrong with it, in one line; nil for a case that a guest can be made for.
  var flaw: String? {
    let subsection = SectionState.subsectionPages << AddressLayout.pageShift
    for extent in boot + regions {
      guard extent.size > 0, (extent.base | extent.size) % subsection == 0 else {
        return "memory at \(hex(extent.base)) is not whole sub-sections of 2 MiB"
      }
      guard extent.base < Self.highest, extent.size <= Self.highest - extent.base else {
        return "memory at \(hex(extent.base)) ends beyond \(hex(Self.highest))"
      }
    }
    let sorted = (boot + regions).sorted { $0.base < $1.base }
    for (lower, upper) in zip(sorted, sorted.dropFirst()) where lower.end > upper.base {
      return "memory at \(hex(upper.base)) overlaps other memory"
    }
    if boot.isEmpty { return "no memory to boot with" }
    if steps.count > Self.mostSteps || regions.count > Self.mostRegions {
      return "more than \(Self.mostSteps) steps or \(Self.mostRegions) regions"
    }
    if boot.contains(where: { $0.size > Self.mostBoot }) {
      return "boot memory of more than \(hex(Self.mostBoot)) bytes"
    }
    let altmaps = regions.reduce(0) { sum, region in
      let calls = DriverArithmetic(driver: driver, region: region).calls
      return sum + calls.count { $0.altmap != nil }
    }
    if altmaps > Self.mostAltmaps {
      return "\(altmaps) altmaps, and the model has \(Self.mostAltmaps)"
    }
    if let step = steps.first(where: { ($0.times ?? 1) > Self.mostCycles }) {
      return "more than \(Self.mostCycles) cycles: \(step.times ?? 1)"
    }
    if let step = steps.first(where: { !regions.indices.contains($0.region) }) {
      return "there is no region \(step.region)"
    }
    if let step = steps.first(where: {
      ($0.times ?? 1) < 1 || $0.action != .cycle && $0.times != nil
    }) {
      return "\(step.title): only cycles have a number of times"
    }
    let names = Architecture.riscv.modes.map(\.name)
    if let mode = modes?.first(where: { !names.contains($0) }) {
      return "there is no mode \(mode)"
    }
    if driver.kind == .raw {
      return driver == Driver(kind: .raw) ? nil : "the raw driver has no settings"
    }
    if driver.memmap == nil { return "\(driver.kind.rawValue) needs the place of its memmap" }
    if driver.align != 4096, driver.align != 2 << 20 { return "align is neither 4096 nor 2097152" }
    if driver.kind != .kmem, driver.memmapOnMemory != nil || driver.online != nil {
      return "only kmem has memmapOnMemory and online"
    }
    return nil
  }
}
