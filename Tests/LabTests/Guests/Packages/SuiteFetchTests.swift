// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab
@testable import Subjects

@Suite("Kernels of Debian's suites")
struct SuiteFetchTests {
  let debian: FakeDebian

  init() throws {
    debian = try FakeDebian()
    try debian.install("qemu-system-riscv64", "dtc")
  }

  private func text(_ path: String) throws -> [UInt8] {
    try InputFile.read(path, regularOnly: true)
  }

  @Test("The image, the modules that it needs and a busybox are taken, and nothing else")
  func fetched() async throws {
    try await debian.addTrixie()
    let files = try await debian.packages().files(for: .debian(suite: "trixie"))
    let kernel = "\(debian.cache)/guests/kernels/trixie/6.12-1"
    #expect(files.image == "\(kernel)/image" && files.modules == "\(kernel)/modules/6.12-x")
    #expect(try text(files.image) == Made.image)
    #expect(try text(files.busybox) == Made.busybox)
    #expect(FileManager.default.isExecutableFile(atPath: files.busybox))
    #expect(files.version == "linux-image-6.12-x 6.12-1")
    #expect(files.qemu == "\(debian.folder.path)/bin/qemu-system-riscv64")
    #expect(files.dtc == "\(debian.folder.path)/bin/dtc")
    #expect(files.libraries == nil && files.qemuData == nil)
    #expect(
      debian.folder.files(below: "cache/guests/kernels/trixie/6.12-1") == [
        "System.map", "VERSION", "complete", "config", "image",
        "modules/6.12-x/kernel/drivers/dax/kmem.ko.xz",
        "modules/6.12-x/kernel/drivers/nvdimm/libnvdimm.ko.xz",
        "modules/6.12-x/kernel/drivers/nvdimm/nd_pmem.ko.xz",
        "modules/6.12-x/kernel/drivers/nvdimm/of_pmem.ko.xz", "modules/6.12-x/modules.builtin",
      ])
    let log = String(decoding: try text("\(debian.folder.path)/apt.log"), as: UTF8.self)
    #expect(log.split(separator: "\n").filter { $0.hasSuffix(" update") }.count == 1)
    #expect(!log.contains(" install "))
    #expect(
      debian.progress == [
        "fetching the package lists of Debian's trixie",
        "downloading linux-image-6.12-x 6.12-1 of Debian's trixie (1.2 MB)",
        "unpacking linux-image-6.12-x 6.12-1",
        "downloading busybox-static 1:1.37-1 of Debian's trixie (1.2 MB)",
        "unpacking busybox-static 1:1.37-1",
      ])
    let sources = try text("\(debian.cache)/guests/apt/trixie/sources.list")
    #expect(
      String(decoding: sources, as: UTF8.self)
        == "deb [arch=riscv64] http://mirror.example/debian trixie main\n")
  }

  @Test("An image and modules in separate packages are both found")
  func split() async throws {
    let folder = "usr/lib/modules/7.2-x"
    for name in ["linux-image-riscv64", "linux-base-riscv64", "linux-image-7.2-x", "kmod"] {
      try await debian.add(name, "7.2-1")
    }
    try await debian.add(
      "linux-binary-7.2-x", "7.2-1", files: ["\(folder)/vmlinuz": Made.image])
    try await debian.add(
      "linux-modules-7.2-x", "7.2-1",
      files: Dictionary(
        uniqueKeysWithValues: KernelModules.needed.map {
          ("\(folder)/kernel/drivers/nvdimm/\($0).ko.xz", [1])
        }))
    try await debian.addBusybox()
    let files = try await debian.packages().files(for: .debian(suite: "sid"))
    #expect(files.version == "linux-image-7.2-x 7.2-1")
    #expect(try text(files.image) == Made.image)
    #expect(files.modules == "\(debian.cache)/guests/kernels/sid/7.2-1/modules/7.2-x")
  }

  @Test("Fetched files work without apt, programs or a mirror")
  func cached() async throws {
    try await debian.addTrixie()
    let first = try await debian.packages().files(for: .debian(suite: "trixie"))
    let lines = debian.progress.count
    for name in ["apt-get", "apt-cache", "apt-helper", "dpkg-deb"] {
      try FileManager.default.removeItem(atPath: "\(debian.folder.path)/bin/\(name)")
    }
    #expect(try await debian.packages().files(for: .debian(suite: "trixie")) == first)
    #expect(debian.progress.count == lines)
  }

  @Test("A suite that apt cannot verify uses the pins, and one line says so")
  func pinned() async throws {
    try await debian.addTrixie(isHidden: true)
    try debian.refuse(
      "W: x\nE: Failed to fetch http://m/Packages  File has unexpected size\nE: y\n")
    let packages = debian.packages(pins: [
      try await pin("linux-image-6.12-x", "6.12-1"), try await pin("busybox-static", "1%3a1.37-1"),
    ])
    let files = try await packages.files(for: .debian(suite: "trixie"))
    #expect(files.version == "linux-image-6.12-x 6.12-1")
    #expect(try text(files.image) == Made.image)
    let told = debian.progress.filter { $0.contains("SHA-256") }
    #expect(
      told == [
        "apt cannot vouch for Debian's trixie: Failed to fetch http://m/Packages File has unexpected size;"
          + " using the packages that this program knows by their SHA-256"
      ])
  }

  private func pin(_ name: String, _ version: String) async throws -> PackagePins.Pin {
    let file = "\(name)_\(version)_x.deb"
    return PackagePins.Pin(
      suite: "trixie", name: name, version: version, path: "pool/main/\(file)", bytes: 1,
      sha256: try await debian.digest(file))
  }

  @Test("An interrupted fetch ends soon, and leaves only locks behind")
  func interrupted() async throws {
    try await debian.addTrixie()
    let path = debian.folder.path
    try debian.folder.program(
      "apt-get",
      """
      case "$*" in
        *" indextargets "*) exec /bin/cat \(path)/targets ;;
        *" update") exit 0 ;;
        *--print-uris*) exec /bin/cat \(path)/records/linux-image-6.12-x ;;
      esac
      echo half > half_1_x.deb
      echo x > \(path)/started
      exec /bin/sleep 60
      """)
    let packages = debian.packages()
    let task = Task { try await packages.files(for: .debian(suite: "trixie")) }
    while !FileManager.default.fileExists(atPath: "\(path)/started") {
      try await Task.sleep(for: .milliseconds(10))
    }
    let start = ContinuousClock.now
    task.cancel()
    let error = await fetchFailure { _ = try await task.value }
    #expect(error.message == "apt-get was interrupted")
    #expect(!error.isAboutMissing)
    #expect(ContinuousClock.now - start < .seconds(20))
    let left = debian.folder.files(below: "cache/guests/kernels")
    #expect(left == ["trixie/lock"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(debian.cache)/guests/kernels/trixie")
        == ["lock"])
  }

  @Test("Two simultaneous runs fetch only once")
  func twice() async throws {
    try await debian.addTrixie()
    let packages = debian.packages()
    async let one = packages.files(for: .debian(suite: "trixie"))
    async let other = packages.files(for: .debian(suite: "trixie"))
    let both = try await (one, other)
    #expect(both.0 == both.1)
    let downloads = debian.progress.filter { $0.hasPrefix("downloading ") }
    #expect(downloads.count == 2, "a kernel and a busybox")
  }

  @Test("A pinned package with other bytes is refused, and leaves nothing behind")
  func wrongDigest() async throws {
    try await debian.addTrixie(isHidden: true)
    try debian.refuse("E: Failed to fetch http://m/Packages  File has unexpected size\n")
    var pin = try await pin("linux-image-6.12-x", "6.12-1")
    pin.sha256 = String(pin.sha256.reversed())
    let error = await fetchFailure {
      _ = try await debian.packages(pins: [pin]).files(for: .debian(suite: "trixie"))
    }
    #expect(error.message == "linux-image-6.12-x could not be downloaded: Hash Sum mismatch")
    #expect(error.isAboutMissing)
    #expect(debian.folder.files(below: "cache/guests/kernels") == ["trixie/lock"])
  }

  @Test(
    "Without a pin, the error gives apt's own reason and advice",
    arguments: [
      (
        "E: Failed to fetch http://m/P  File has unexpected size (1 != 2). Mirror sync in progress?",
        "apt cannot vouch for Debian's trixie: Failed to fetch http://m/P File has unexpected size"
          + " (1 != 2). Mirror sync in progress?", "try again later", true
      ),
      (
        "E: Failed to fetch http://m/I  Temporary \u{1b}failure\tresolving 'm'",
        "apt cannot vouch for Debian's trixie: Failed to fetch http://m/I Temporary failure"
          + " resolving 'm'", "check the network", true
      ),
      (
        "E: You don't have enough free space in /c/.",
        "apt cannot vouch for Debian's trixie: You don't have enough free space in /c/.",
        "make room", false
      ),
      (
        "E: The repository 'http://m trixie Release' does not have a Release file.",
        "this machine's mirror of Debian has no suite trixie", "trixie or sid", false
      ),
    ] as [(String, String, String, Bool)])
  func refused(said: String, message: String, advice: String, isAboutMissing: Bool) async throws {
    try debian.refuse(said + "\n")
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(error.message == message)
    #expect(error.advice?.contains(advice) == true)
    #expect(error.isAboutMissing == isAboutMissing)
  }

  @Test("A suite without a kernel for riscv64 is named")
  func noKernel() async throws {
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "bookworm"))
    }
    #expect(error.message == "Debian's bookworm has no kernel for riscv64 (linux-image-riscv64)")
    #expect(error.isAboutMissing)
  }

  @Test(
    "Invalid suite names are refused before anything is done",
    arguments: ["", "-o", "../x", "Trixie", "a b", "a;b", "a\n"] as [String])
  func names(suite: String) async throws {
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: suite))
    }
    #expect(error.message == "\"debian:\(suite)\" names no suite of Debian")
    #expect(!error.isAboutMissing)
    #expect(!FileManager.default.fileExists(atPath: debian.cache))
  }

  @Test("A damaged or incomplete package is named, and leaves nothing behind")
  func damaged() async throws {
    try await debian.addTrixie()
    let file = "debs/linux-image-6.12-x_6.12-1_x.deb"
    try debian.folder.write(file, String(repeating: "no archive ", count: 100))
    var error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message
        == "linux-image-6.12-x_6.12-1_x.deb could not be unpacked: /bin/tar: This does not look like a"
        + " tar archive")
    try await debian.add("linux-image-6.12-x", "6.12-1", files: [:])
    try FileManager.default.removeItem(
      atPath: "\(debian.folder.path)/trees/linux-image-6.12-x/boot")
    try await debian.add("linux-image-6.12-x", "6.12-1", files: [:])
    error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message
        == "the package linux-image-6.12-x contains no image (boot/vmlinux-*, lib/modules/*/vmlinuz)"
    )
    #expect(debian.folder.files(below: "cache/guests/kernels") == ["trixie/lock"])
  }

  @Test(
    "A full disk during unpacking is not called a damaged package",
    arguments: [
      "tar: ./usr/bin/x: Wrote only 512 of 10240 bytes\ntar: Exiting with failure status\n",
      "tar: x\ntar: ./y: Cannot write: No space left on device\n",
    ] as [String])
  func full(said: String) {
    let error = PackageUnpacker.damaged("p.deb", said)
    #expect(error.message == "p.deb could not be unpacked: the disk is full")
    #expect(error.advice?.contains("make room") == true && !error.isAboutMissing)
    let other = PackageUnpacker.damaged("p.deb", "dpkg-deb: error: not an archive\n")
    #expect(other.message == "p.deb could not be unpacked: dpkg-deb: error: not an archive")
  }

  @Test("A busybox for another machine is refused")
  func wrongBusybox() async throws {
    try await debian.addTrixie()
    var bytes = Made.busybox
    bytes[18] = 62  // x86-64
    try await debian.add("busybox-static", "1:1.37-1", files: ["bin/busybox": bytes])
    try FileManager.default.removeItem(
      atPath: "\(debian.folder.path)/trees/busybox-static/usr/bin/busybox")
    try await debian.add("busybox-static", "1:1.37-1", files: ["bin/busybox": bytes])
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message == "the package busybox-static contains a busybox that is not for riscv64")
    #expect(debian.folder.files(below: "cache/guests/busybox") == ["trixie/lock"])
  }
}
