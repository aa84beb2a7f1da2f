// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Lab

/// Boots real kernels in a real QEMU. `MHPCHECK_GUEST_FILES` names a folder; each of its subfolders has the
/// links `image`, `modules`, `busybox`, `qemu`, `data`, `dtc`, and the file `libraries`.
@Suite(
  "A real kernel", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["MHPCHECK_GUEST_FILES"] != nil))
struct RealGuestTests {
  static let kernels: [String] = {
    guard let folder = ProcessInfo.processInfo.environment["MHPCHECK_GUEST_FILES"] else {
      return []
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
  }()

  static func options(
    _ kernel: String, mode: String, in folder: PrivateFolder
  ) throws -> VirtualMachineOptions {
    let libraries = FileManager.default.contents(atPath: "\(kernel)/libraries")
      .map { String(decoding: $0, as: UTF8.self).filter { !$0.isNewline } }
    return VirtualMachineOptions(
      files: GuestFiles(
        image: "\(kernel)/image", modules: "\(kernel)/modules", busybox: "\(kernel)/busybox",
        qemu: "\(kernel)/qemu", qemuData: "\(kernel)/data", dtc: "\(kernel)/dtc",
        libraries: libraries, version: nil),
      mode: mode, boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_4000_0000, size: 0x1000_0000)], folder: folder.path)
  }

  @Test(
    "boots in each mode, loads its drivers, finds its device, and can be read from outside",
    arguments: kernels, ["sv39", "sv48", "sv57"] as [String])
  func boots(kernel: String, mode: String) async throws {
    let folder = try PrivateFolder()
    let start = ContinuousClock.now
    let machine = try await VirtualMachine.boot(
      Self.options(kernel, mode: mode, in: folder), within: .seconds(60))
    let booted = ContinuousClock.now
    print(kernel, mode, machine.release, machine.machine, "boot", booted - start)
    let loaded = try await machine.run(
      "load libnvdimm nd_btt of_pmem nd_pmem && ls /sys/bus/nd/devices", within: .seconds(20))
    #expect(loaded.status == 0)
    #expect(loaded.output.contains("namespace0.0"))
    print("load", ContinuousClock.now - booted)
    try await machine.stop()
    let root = try await machine.rootTable()
    #expect(root.mode == mode)
    #expect(root.pfn >= 0x80000 && root.pfn < 0xc0000)
    try await machine.resume()
    let failed = try await machine.run("exit 7", within: .seconds(5))
    #expect(failed == GuestAnswer(output: "", status: 7))
    let before = ContinuousClock.now
    let long = try await machine.run("head -c 1048576 /dev/zero", within: .seconds(30))
    #expect(long.output.utf8.count == 1 << 20)
    print("a mebibyte", ContinuousClock.now - before)
    let tooLong = await refusal { () async throws(Failure) in
      try await machine.run("head -c 2000000 /dev/zero", within: .seconds(30))
    }
    #expect(tooLong?.message == "the guest prints more than 1 MiB for one command")
    let text = (1...600).map { "echo \($0)" }.joined(separator: "\n")
    let counted = try await machine.run(text, within: .seconds(30))
    #expect(counted.output.split(separator: "\n").count == 600)
    await machine.end()
    #expect(!FileManager.default.fileExists(atPath: machine.ramFile))
  }

  @Test("can have memory at high addresses", arguments: kernels)
  func farAway(kernel: String) async throws {
    let folder = try PrivateFolder()
    var options = try Self.options(kernel, mode: "sv57", in: folder)
    options.regions = [.init(base: 560 << 30, size: 1 << 30)]
    let machine = try await VirtualMachine.boot(options, within: .seconds(60))
    let answer = try await machine.run(
      "load libnvdimm nd_btt of_pmem nd_pmem; cat /sys/bus/nd/devices/region0/resource",
      within: .seconds(20))
    #expect(answer.output == "0x8c00000000\n")
    let size =
      try FileManager.default.attributesOfItem(atPath: machine.ramFile)[.size] as? UInt64
    #expect(size == machine.ramSize)
    await machine.end()
  }

  @Test("that hits a BUG kills the command's shell, says so, and goes on", arguments: kernels)
  func oops(kernel: String) async throws {
    let folder = try PrivateFolder()
    var options = try Self.options(kernel, mode: "sv48", in: folder)
    // Hazard H1: two devices in one section share a leaf of the memmap; the removal of the first clears it.
    options.regions = [
      .init(base: 0x1_0000_0000, size: 0x400_0000), .init(base: 0x1_0400_0000, size: 0x400_0000),
    ]
    let machine = try await VirtualMachine.boot(options, within: .seconds(60))
    let bug = try await machine.run(
      """
      load libnvdimm nd_btt of_pmem nd_pmem
      cd /sys/bus/nd/drivers/nd_pmem
      until [ -e /dev/pmem0 ] && [ -e /dev/pmem1 ]; do sleep 0.1; done
      echo before
      echo namespace0.0 >unbind
      echo namespace1.0 >unbind
      echo after
      """, within: .seconds(20))
    #expect(bug.output.hasPrefix("before\n"))
    #expect(!bug.output.contains("after"))
    #expect(bug.status > 128)
    #expect(
      try folder.text("console.log").contains("Unable to handle kernel paging request"))
    #expect(
      try await machine.run("echo alive", within: .seconds(20))
        == GuestAnswer(output: "alive\n", status: 0))
    await machine.end()
  }

  @Test("that panics ends at once, with its last words", arguments: kernels)
  func panics(kernel: String) async throws {
    let folder = try PrivateFolder()
    let machine = try await VirtualMachine.boot(
      Self.options(kernel, mode: "sv48", in: folder), within: .seconds(60))
    let start = ContinuousClock.now
    let error = await refusal { () async throws(Failure) in
      try await machine.run("echo c > /proc/sysrq-trigger", within: .seconds(60))
    }
    print("panic", ContinuousClock.now - start)
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(error?.message == "the guest stopped")
    #expect(error?.console.contains { $0.contains("Kernel panic - not syncing") } == true)
    #expect(try folder.text("console.log").contains("Kernel panic - not syncing"))
    await machine.end()
  }
}
