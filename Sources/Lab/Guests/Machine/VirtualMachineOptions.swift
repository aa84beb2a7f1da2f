// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials
import Machine

/// The options of a virtual machine.
struct VirtualMachineOptions: Sendable {
  /// The files to run it from.
  var files: GuestFiles
  /// The paging mode: "sv39", "sv48" or "sv57".
  var mode: String
  /// The memory that the kernel has at boot. The first extent begins where RAM does.
  var boot: [ConfirmCase.Extent]
  /// The memory that is withheld from the kernel: one device for each extent.
  var regions: [ConfirmCase.Extent]
  /// Kernel parameters in addition to those that the boot needs, e.g. "memhp_default_state=offline".
  var kernelArguments: [String] = []
  /// An existing folder for this machine alone: its RAM, its console's log and its parts.
  var folder: String
}

/// The result of a command in a guest.
struct GuestAnswer: Hashable, Sendable {
  /// The output, at most 1 MiB; untrusted text.
  var output: String
  /// The status of its shell; 255 if a kernel bug left none.
  var status: Int
}

extension VirtualMachineOptions {
  private static let mebibyte: UInt64 = 1 << 20

  /// The kernel parameters that force a mode: without them, the kernel takes the deepest mode of the
  /// processor (Documentation/admin-guide/kernel-parameters.rst).
  private static let modeArguments = ["sv39": "no4lvl", "sv48": "no5lvl", "sv57": ""]

  /// The address at which QEMU loads the kernel (hw/riscv/virt.c).
  private static let kernel = VirtualMachine.ramBase + 2 * mebibyte

  /// The maximum distance from the kernel to the initial archive in QEMU (hw/riscv/boot.c): in older
  /// versions, in newer ones.
  private static let archiveDistances = [128 * mebibyte, 512 * mebibyte]

  /// The size of RAM in bytes, from `VirtualMachine.ramBase`: up to the end of the last extent, and 4 MiB
  /// more, because newer QEMUs put the device tree into the last 2 MiB.
  ///
  /// QEMU subtracts the archive's address from the size of RAM to limit the size of an archive: it refuses
  /// all but the smallest when the size is a little above the address, and none when it is below.
  var ramSize: UInt64 {
    let end = (boot + regions).map(\.end).max() ?? VirtualMachine.ramBase
    let size = end - VirtualMachine.ramBase
    var rounded = (size + Self.mebibyte - 1) / Self.mebibyte * Self.mebibyte + 4 * Self.mebibyte
    for distance in Self.archiveDistances {
      let refused = Self.kernel + distance..<Self.kernel + distance + Initramfs.largest
      if refused.contains(rounded) { rounded = refused.upperBound }
    }
    return rounded
  }

  /// The kernel's command line; throws if it is too long, or not of plain characters.
  func commandLine(token: String) throws(Failure) -> String {
    let words =
      ["console=ttyS0", "earlycon=sbi", "loglevel=4", "panic=-1"]
      // Without norandmaps, processes have random addresses, and the number of their tables varies.
      + ["norandmaps", Self.modeArguments[mode] ?? "", "\(GuestInit.tokenParameter)=\(token)"]
      + kernelArguments
    let line = words.filter { !$0.isEmpty }.joined(separator: " ")
    guard line.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), line.utf8.count < 1024 else {
      throw Failure(
        .incomplete, "the kernel's command line is too long, or has non-ASCII characters",
        advice: "it has room for 1023 characters")
    }
    return line
  }

  /// Throws if the options do not describe a possible machine.
  func check() throws(Failure) {
    guard Self.modeArguments[mode] != nil else {
      throw Failure(.incomplete, "there is no mode \(mode)", advice: "use sv39, sv48 or sv57")
    }
    guard boot.first?.base == VirtualMachine.ramBase else {
      throw Failure(.incomplete, "boot memory does not begin at 0x80000000, the start of RAM")
    }
    let extents = (boot + regions).sorted { $0.base < $1.base }
    for extent in extents {
      guard extent.size > 0, extent.base % 4096 == 0, extent.size % 4096 == 0,
        !extent.base.addingReportingOverflow(extent.size).overflow,
        extent.end <= VirtualMachine.ramBase + (1 << 44)
      else {
        throw Failure(
          .incomplete,
          "the memory range at 0x\(String(extent.base, radix: 16)) is not page-aligned, or "
            + "is out of bounds")
      }
    }
    for (lower, upper) in zip(extents, extents.dropFirst()) where lower.end > upper.base {
      throw Failure(
        .incomplete, "two ranges of memory overlap at 0x\(String(upper.base, radix: 16))")
    }
  }

  /// Throws if boot memory does not hold the initial archive, of `bytes`, wherever QEMU may put it.
  func checkRoom(forArchiveOf bytes: UInt64) throws(Failure) {
    for distance in Self.archiveDistances {
      let archive = Self.kernel + min(ramSize / 2, distance)
      guard boot.contains(where: { $0.base <= archive && archive + bytes <= $0.end }) else {
        throw Failure(
          .incomplete,
          "boot memory has no room for the guest's first files at "
            + "0x\(String(archive, radix: 16)), \(bytes) bytes",
          advice: "give the kernel more memory at boot")
      }
    }
  }
}
