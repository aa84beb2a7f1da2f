// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials

/// What a virtual machine is to be.
struct VirtualMachineOptions: Sendable {
  /// What it is run from.
  var files: GuestFiles
  /// The paging mode: "sv39", "sv48" or "sv57".
  var mode: String
  /// The memory that the kernel knows at boot. The first extent begins where RAM does.
  var boot: [ConfirmCase.Extent]
  /// The memory that is withheld: one device each.
  var regions: [ConfirmCase.Extent]
  /// What the kernel is told beside what makes it boot, e.g. "memhp_default_state=offline".
  var kernelArguments: [String] = []
  /// A folder that is there, of this machine alone: its RAM, its console's log and what it is made of.
  var folder: String
}

/// What a command in a guest came to.
struct GuestAnswer: Hashable, Sendable {
  /// All that it printed, at most 1 MiB. It is a stranger's.
  var output: String
  /// The status of its shell; 255 where a kernel that came upon a bug left none.
  var status: Int
}

extension VirtualMachineOptions {
  private static let mebibyte: UInt64 = 1 << 20

  /// What is told to the kernel to hold it to `mode`: without, it takes the deepest that the processor has
  /// (Documentation/admin-guide/kernel-parameters.rst).
  private static let modeArguments = ["sv39": "no4lvl", "sv48": "no5lvl", "sv57": ""]

  /// Where QEMU puts the kernel (hw/riscv/virt.c).
  private static let kernel = VirtualMachine.ramBase + 2 * mebibyte

  /// How far behind the kernel QEMU puts the initial archive, at most (hw/riscv/boot.c): older ones, newer ones.
  private static let archiveDistances = [128 * mebibyte, 512 * mebibyte]

  /// Bytes of RAM, from `VirtualMachine.ramBase`: up to the end of the last extent, and 4 MiB more, as newer
  /// QEMUs put the device tree into the last 2 MiB.
  ///
  /// QEMU takes the archive's address from the size of RAM to know how large an archive may be: it refuses all
  /// but the smallest when the size is a little above the address, and none when it is below.
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

  /// The kernel's command line.
  func commandLine(token: String) throws(GuestError) -> String {
    let words =
      ["console=ttyS0", "earlycon=sbi", "loglevel=4", "panic=-1"]
      // Where processes lie at random, their tables are now more, now fewer.
      + ["norandmaps", Self.modeArguments[mode] ?? "", "\(GuestInit.tokenParameter)=\(token)"]
      + kernelArguments
    let line = words.filter { !$0.isEmpty }.joined(separator: " ")
    guard line.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), line.utf8.count < 1024 else {
      throw GuestError(
        message: "the kernel's command line is too long, or not of plain characters",
        advice: "it has room for 1023 characters")
    }
    return line
  }

  /// Refuses what cannot be a machine.
  func check() throws(GuestError) {
    guard Self.modeArguments[mode] != nil else {
      throw GuestError(message: "there is no mode \(mode)", advice: "use sv39, sv48 or sv57")
    }
    guard boot.first?.base == VirtualMachine.ramBase else {
      throw GuestError(message: "boot memory does not begin at 0x80000000, where RAM does")
    }
    let extents = (boot + regions).sorted { $0.base < $1.base }
    for extent in extents {
      guard extent.size > 0, extent.base % 4096 == 0, extent.size % 4096 == 0,
        !extent.base.addingReportingOverflow(extent.size).overflow,
        extent.end <= VirtualMachine.ramBase + (1 << 44)
      else {
        throw GuestError(
          message: "0x\(String(extent.base, radix: 16)) begins no range of whole pages")
      }
    }
    for (lower, upper) in zip(extents, extents.dropFirst()) where lower.end > upper.base {
      throw GuestError(
        message: "two ranges of memory overlap at 0x\(String(upper.base, radix: 16))")
    }
  }

  /// Refuses boot memory that does not hold the initial archive, of `bytes`, wherever QEMU puts it.
  func checkRoom(forArchiveOf bytes: UInt64) throws(GuestError) {
    for distance in Self.archiveDistances {
      let archive = Self.kernel + min(ramSize / 2, distance)
      guard boot.contains(where: { $0.base <= archive && archive + bytes <= $0.end }) else {
        throw GuestError(
          message: "boot memory does not hold the guest's first files at "
            + "0x\(String(archive, radix: 16)), \(bytes) bytes",
          advice: "give the kernel more memory at boot")
      }
    }
  }
}
