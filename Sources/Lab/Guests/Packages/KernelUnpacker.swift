// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subjects

/// Extracts the files for running a guest from Debian's packages: the image, the modules that drive withheld
/// memory, and the files that describe the kernel's build. The rest is some hundred megabytes.
struct KernelUnpacker: Sendable {
  let contents: PackageContents

  /// The image as the package has it, before it is unpacked.
  private static let packedImage = "image.packed"

  /// The path in the cache for a kernel's file in a package; nil for a file that is not kept.
  static func target(_ path: String) -> String? {
    let parts = path.split(separator: "/").map(String.init)
    if parts.count == 2, parts[0] == "boot" {
      let name = parts[1].prefix { $0 != "-" }
      return topFile(String(name))
    }
    let rest = parts.first == "usr" ? parts.dropFirst() : parts[...]
    guard rest.count >= 4, rest.starts(with: ["lib", "modules"]) else { return nil }
    let below = Array(rest.dropFirst(3))
    let inModules = "modules/" + rest.dropFirst(2).joined(separator: "/")
    if below.count == 1 {
      return below[0].hasPrefix("modules.") ? inModules : topFile(below[0])
    }
    let isKept =
      below.starts(with: ["kernel", "drivers", "nvdimm"])
      || below.starts(with: ["kernel", "drivers", "dax"])
    return isKept ? inModules : nil
  }

  private static func topFile(_ name: String) -> String? {
    switch name {
    case "vmlinux", "vmlinuz": packedImage
    case "config", "System.map": name
    default: nil
    }
  }

  /// Unpacks `packages` into `tree`; throws if they have no image or lack modules.
  func unpack(_ packages: [SuiteRepository.Package], into tree: String) async throws(GuestError) {
    for package in packages {
      try await contents.read(package.path, target: Self.target) { path, bytes throws(GuestError) in
        try VersionedFolder.write(bytes, to: "\(tree)/\(path)")
      }
    }
    let names = packages.map(\.name).joined(separator: ", ")
    let packed = "\(tree)/\(Self.packedImage)"
    guard InputFile.kind(of: packed) == .regular else {
      throw Self.unexpected(names, "no image (boot/vmlinux-*, lib/modules/*/vmlinuz)")
    }
    do {
      try KernelModules.check(try KernelModules.folder(in: "\(tree)/modules"))
    } catch {
      throw Self.unexpected(
        names, "not the modules \(KernelModules.needed.joined(separator: ", "))")
    }
    if let image = try await KernelImage.unpacked(packed, tools: contents.tools) {
      try VersionedFolder.write(image, to: "\(tree)/image")
      try? FileManager.default.removeItem(atPath: packed)
    } else {
      do {
        try FileManager.default.moveItem(atPath: packed, toPath: "\(tree)/image")
      } catch {
        throw GuestError(CacheFolder.notWritable(tree))
      }
    }
  }

  /// Extracts busybox from its package.
  func unpackBusybox(_ package: String, to file: String) async throws(GuestError) {
    let places: Set = ["bin/busybox", "usr/bin/busybox"]
    try await contents.read(package, target: { places.contains($0) ? file : nil }) {
      path, bytes throws(GuestError) in
      // A 64-bit ELF file for machine 243, which is RISC-V.
      guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2]), bytes.count > 20,
        bytes[18] == 243, bytes[19] == 0
      else { throw Self.unexpected("busybox-static", "a busybox that is not for riscv64") }
      try VersionedFolder.write(bytes, to: path, isExecutable: true)
    }
    guard InputFile.kind(of: file) == .regular else {
      throw Self.unexpected("busybox-static", "no busybox")
    }
  }

  private static func unexpected(_ packages: String, _ what: String) -> GuestError {
    GuestError(
      message: "the package \(packages) contains \(what)",
      advice: "name another suite, or give an image of your own with --image and --modules")
  }
}
