// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Lab

/// Whether Debian's cpio is installed, which makes the archives.
let hasCpio = (try? MachineProgram(named: "cpio", package: "cpio")) != nil

@Suite("A guest's initramfs")
struct InitramfsTests {
  /// Files of a made-up kernel whose modules are packed in every way, or built in.
  private func files(in folder: PrivateFolder) async throws -> GuestFiles {
    let modules = "modules/kernel/drivers"
    for name in ["libnvdimm", "nd_btt", "of_pmem", "nd_pmem", "device_dax"] {
      let subfolder = name == "device_dax" ? "dax" : "nvdimm"
      try folder.write("\(modules)/\(subfolder)/\(name).ko", "module \(name)".utf8)
    }
    for (name, packer) in [("nd_btt", "xz"), ("of_pmem", "gzip"), ("nd_pmem", "zstd")] {
      let path = folder.file("\(modules)/nvdimm/\(name).ko")
      try await MachineProgram(named: packer, package: packer).run([path])
      try? FileManager.default.removeItem(atPath: path)
    }
    try folder.write("\(modules)/dax/dax-pmem.ko", "module dax_pmem".utf8)
    try folder.write("\(modules)/net/other.ko", "module of no use".utf8)
    try folder.write("modules/modules.builtin", "kernel/drivers/dax/kmem.ko\n".utf8)
    try folder.write("busybox", "all of them".utf8)
    return GuestFiles(
      image: "", modules: folder.file("modules"), busybox: folder.file("busybox"), qemu: "",
      qemuData: nil, dtc: "", libraries: nil, version: nil)
  }

  @Test(
    "is an archive of busybox, the first process and unpacked modules, all owned by root",
    .enabled(if: hasCpio))
  func archive() async throws {
    let folder = try PrivateFolder()
    let files = try await files(in: folder)
    try await Initramfs.make(files, at: folder.file("archive"), staging: folder.file("staging"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("staging")))
    let cpio = try MachineProgram(named: "cpio", package: "cpio")
    let bytes = [UInt8](
      try #require(FileManager.default.contents(atPath: folder.file("archive"))))
    #expect(bytes.starts(with: "070701".utf8))
    let list = String(
      decoding: try await cpio.run(["-itvn", "--quiet"], input: bytes), as: UTF8.self)
    let rows = list.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.allSatisfy { $0[2] == "0" && $0[3] == "0" })
    let modes = Dictionary(uniqueKeysWithValues: rows.map { ($0.last ?? "", $0[0]) })
    #expect(modes["init"] == "-rwxr-xr-x")
    #expect(modes["bin/busybox"] == "-rwxr-xr-x")
    #expect(modes["dev"]?.first == "d")
    try folder.write("unpacked/none", [])
    try await cpio.run(
      ["-id", "--quiet"], folder: folder.file("unpacked"), input: bytes)
    for name in ["libnvdimm", "nd_btt", "of_pmem", "nd_pmem", "dax_pmem", "device_dax"] {
      #expect(try folder.text("unpacked/lib/modules/\(name).ko") == "module \(name)")
    }
    #expect(modes["lib/modules/kmem.ko"] == nil)
    #expect(modes["lib/modules/other.ko"] == nil)
    #expect(try folder.text("unpacked/init") == GuestInit.script)
  }

  @Test("cannot be made without a module that it needs, which the error names")
  func missingModule() async throws {
    let folder = try PrivateFolder()
    let files = try await files(in: folder)
    try folder.write("modules/modules.builtin", [])
    let error = await refusal { () async throws(Failure) in
      try GuestModules(folder: files.modules)
    }
    #expect(error?.message.hasSuffix("lacks the kernel's modules kmem") == true)
    #expect(error?.advice?.contains("CONFIG_DEV_DAX_KMEM") == true)
  }

  @Test("cannot be made without a program, and the error says how to install it")
  func missingProgram() async throws {
    let error = await refusal { () async throws(Failure) in
      try MachineProgram(named: "no-such-program", package: "its-package")
    }
    #expect(error?.isAboutMissing == true)
    #expect(error?.advice == "install it (on Debian: apt-get install its-package)")
  }

  @Test("cannot be made if a program fails, whose first complaint the error quotes")
  func failing() async throws {
    let folder = try PrivateFolder()
    let program = MachineProgram(
      at: try folder.script("fails", "echo 'no room' >&2; echo more >&2; exit 2"))
    let error = await refusal { () async throws(Failure) in try await program.run([]) }
    #expect(error == Failure(.incomplete, "fails failed: no room"))
  }
}
