// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab

@Suite("QEMU and dtc")
struct ProgramFetchTests {
  let debian: FakeDebian

  init() async throws {
    debian = try FakeDebian()
    try await debian.addTrixie()
    try debian.install("dtc")
  }

  /// Puts QEMU as in Debian 12 into the mirror; it only starts with a library that comes with it.
  private func addQEMU() async throws {
    let qemu = """
      #!/bin/sh
      [ -f "${LD_LIBRARY_PATH%%:*}/libfdt.so.1" ] || { echo "no libfdt.so.1" >&2; exit 127; }
      """
    try await debian.add(
      "qemu-system-misc", "1:7-2",
      files: [
        "usr/bin/qemu-system-riscv64": Array(qemu.utf8), "usr/bin/qemu-system-or1k": [1],
        "usr/share/qemu/bios.bin": [1], "usr/share/man/man1/x.1": [1],
      ])
    let tree = "\(debian.folder.path)/trees/qemu-system-misc"
    try await debian.run("/bin/chmod", "755", "\(tree)/usr/bin/qemu-system-riscv64")
    try await debian.add("qemu-system-misc", "1:7-2")
    try await debian.add("libfdt1", "1.6-1", files: ["usr/lib/x-linux-gnu/libfdt.so.1": [1]])
    try debian.folder.write(
      "uris",
      """
      'http://m/l.deb' libfdt1_1.6-1_x.deb 30
      'http://m/q.deb' qemu-system-misc_1%3a7-2_x.deb 999970

      """)
  }

  @Test(
    "A missing QEMU is unpacked with its libraries and data, and tested before it is kept")
  func unpacked() async throws {
    try await addQEMU()
    let files = try await debian.packages().files(for: .debian(suite: "trixie"))
    let tree = "\(debian.cache)/guests/programs/qemu-system-riscv64/1%3a7-2"
    #expect(files.qemu == "\(tree)/usr/bin/qemu-system-riscv64")
    #expect(files.qemuData == "\(tree)/usr/share/qemu")
    #expect(files.libraries == "\(tree)/usr/lib/x-linux-gnu")
    #expect(files.dtc == "\(debian.folder.path)/bin/dtc")
    #expect(
      debian.folder.files(below: "cache/guests/programs/qemu-system-riscv64/1%3a7-2") == [
        "VERSION", "complete", "usr/bin/qemu-system-riscv64", "usr/lib/x-linux-gnu/libfdt.so.1",
        "usr/share/qemu/bios.bin",
      ])
    #expect(
      debian.progress.starts(with: [
        "fetching the package lists of this machine",
        "downloading qemu-system-misc 1:7-2 and 1 more packages (1.0 MB)",
      ]))
  }

  @Test("A QEMU in the cache that no longer starts is fetched again")
  func healed() async throws {
    try await addQEMU()
    let files = try await debian.packages().files(for: .debian(suite: "trixie"))
    let library = try #require(files.libraries) + "/libfdt.so.1"
    try FileManager.default.removeItem(atPath: library)
    #expect(try await debian.packages().files(for: .debian(suite: "trixie")) == files)
    #expect(FileManager.default.fileExists(atPath: library))
  }

  @Test("A QEMU that does not start is refused with its own words, and leaves nothing behind")
  func broken() async throws {
    try await addQEMU()
    try debian.folder.write("uris", "'http://m/q.deb' qemu-system-misc_1%3a7-2_x.deb 1\n")
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message
        == "qemu-system-riscv64 of the package qemu-system-misc does not start: no libfdt.so.1")
    #expect(!error.isAboutMissing && error.advice?.contains("install qemu-system-misc") == true)
    #expect(
      debian.folder.files(below: "cache/guests/programs") == ["qemu-system-riscv64/lock"])
  }

  @Test("If apt knows no QEMU, its lists are fetched before the error says so")
  func unknown() async throws {
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message
        == "qemu-system-riscv64 was not found on PATH, and apt has no package of it"
        + " (qemu-system-riscv, qemu-system-misc)")
    #expect(error.isAboutMissing)
    #expect(debian.progress == ["fetching the package lists of this machine"])
  }

  @Test("Without a network, the error gives that as the reason")
  func offline() async throws {
    try debian.refuse("E: Failed to fetch http://m/I  Could not connect\n")
    let error = await fetchFailure {
      _ = try await debian.packages().files(for: .debian(suite: "trixie"))
    }
    #expect(
      error.message
        == "qemu-system-riscv64 is not installed and could not be fetched: Failed to fetch http://m/I"
        + " Could not connect")
    #expect(error.isAboutMissing && error.advice?.contains("network") == true)
  }

  @Test("Without apt, the error names the missing program")
  func noApt() async throws {
    let error = await fetchFailure {
      _ = try await debian.packages(searchPath: ["\(debian.folder.path)/no"]).files(
        for: .debian(suite: "trixie"))
    }
    #expect(error.message == "dpkg-deb was not found on PATH")
    #expect(error.isAboutMissing && error.advice?.contains("Debian") == true)
  }
}
