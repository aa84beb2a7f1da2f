// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab
@testable import Subjects

@Suite("Images and modules that the user names")
struct KernelImageTests {
  let debian: FakeDebian

  init() async throws {
    debian = try FakeDebian()
    try debian.install("qemu-system-riscv64", "dtc")
    try await debian.addBusybox()
    try debian.folder.write("m/6.12/kernel/drivers/nvdimm/libnvdimm.ko.zst")
    try debian.folder.write("m/6.12/kernel/drivers/nvdimm/of_pmem.ko")
    try debian.folder.write(
      "m/6.12/modules.builtin", "kernel/fs/ext4/ext4.ko\nkernel/drivers/nvdimm/nd_pmem.ko\n")
  }

  private func files(_ image: String, modules: String = "m") async throws -> GuestFiles {
    try await debian.packages(searchPath: ["\(debian.folder.path)/bin", "/usr/bin", "/bin"]).files(
      for: .image(path: image, modules: "\(debian.folder.path)/\(modules)"))
  }

  @Test("A plain image is used in place, with the modules of one kernel below a folder")
  func plain() async throws {
    let image = try debian.folder.write("Image", Made.image)
    let files = try await files(image)
    #expect(files.image == image && files.version == nil)
    #expect(files.modules == "\(debian.folder.path)/m/6.12")
    #expect(files.busybox == "\(debian.cache)/guests/busybox/trixie/1%3a1.37-1/busybox")
  }

  @Test("A packed image is unpacked into the cache, once")
  func packed() async throws {
    let path = debian.folder.path
    try debian.folder.write("Image", Made.image)
    try await debian.run("/bin/gzip", "-k", "Image")
    let gzip = try await files("\(path)/Image.gz").image
    #expect(gzip.hasPrefix("\(debian.cache)/guests/images/"))
    #expect(try InputFile.read(gzip, regularOnly: true) == Made.image)
    let payload = try InputFile.read("\(path)/Image.gz", regularOnly: true)
    // The bytes after the payload stand for the program that unpacks it.
    let zboot = try debian.folder.write(
      "vmlinuz", Made.zboot("gzip", payload: payload) + [1, 2, 3])
    let unpacked = try await files(zboot).image
    #expect(unpacked != gzip)
    #expect(try InputFile.read(unpacked, regularOnly: true) == Made.image)
    #expect(try await files(zboot).image == unpacked)
    #expect(
      debian.folder.files(below: "cache/guests/images").filter { $0.hasSuffix("image") }.count == 2)
  }

  @Test(
    "An image that QEMU cannot boot is named, with what to give instead",
    arguments: [
      ([0x7f, 0x45, 0x4c, 0x46, 2], "is a vmlinux (ELF)"), ([], "is not a RISC-V kernel image"),
      ([0x1f, 0x8b, 1, 2], "could not be unpacked: gzip: "),
      ([UInt8](repeating: 0, count: 100), "is not a RISC-V kernel image"),
      (Made.zboot("gzip", payload: [1], size: 1 << 20), "is truncated"),
      (Made.zboot("lzma\u{1b}", payload: [1]), "is compressed with \"lzma\""),
    ] as [([UInt8], String)])
  func refused(bytes: [UInt8], said: String) async throws {
    let image = try debian.folder.write("Image", bytes)
    let error = await fetchFailure { _ = try await files(image) }
    #expect(error.message.hasPrefix("\(image) \(said)"), "\(error.message)")
    #expect(error.advice != nil && error.status == .unreadable)
    #expect(!debian.folder.files(below: "cache").contains { $0.hasSuffix("image") })
    #expect(debian.progress.isEmpty)
  }

  @Test("A missing image is named")
  func missing() async {
    let error = await fetchFailure { _ = try await files("/no/such/Image") }
    #expect(error.message == "/no/such/Image: no such file")
  }

  @Test(
    "A folder without modules, with those of several kernels, or without memory drivers is refused")
  func modules() async throws {
    let image = try debian.folder.write("Image", Made.image)
    let path = debian.folder.path
    try debian.folder.write("empty/x")
    try debian.folder.write("two/lib/modules/a/kernel/x")
    try debian.folder.write("two/lib/modules/b/kernel/x")
    for (modules, message) in [
      ("none", "\(path)/none: no such folder"), ("Image", "\(path)/Image: not a folder"),
      ("empty", "\(path)/empty contains no modules (no folder kernel/, no modules.builtin)"),
      ("two", "\(path)/two/lib/modules contains the modules of 2 kernels"),
      ("two/lib/modules/a", "\(path)/two/lib/modules/a has no libnvdimm"),
    ] {
      let error = await fetchFailure { _ = try await files(image, modules: modules) }
      #expect(error.message == message)
      #expect(error.advice != nil && error.status == .unreadable)
    }
  }
}
