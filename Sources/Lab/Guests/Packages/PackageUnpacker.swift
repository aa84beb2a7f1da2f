// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subjects

/// Unpacks Debian's packages with dpkg-deb, and keeps the files for running a guest: the image, the modules
/// that drive withheld memory, and the files that describe the kernel's build.
struct PackageUnpacker: Sendable {
  private let tools: Tools
  private let dpkgDeb: String

  /// Throws if dpkg-deb is missing.
  init(tools: Tools) throws(Failure) {
    self.tools = tools
    dpkgDeb = try PrivateApt.advice.locate("dpkg-deb", tools)
  }

  /// Unpacks all of `package` below `folder`.
  func unpack(_ package: String, into folder: String) async throws(Failure) {
    let outcome = try await tools.run(dpkgDeb, ["-x", package, folder])
    guard outcome.status.isSuccess else {
      throw Self.damaged(package.split(separator: "/").last.map(String.init) ?? "", outcome.errors)
    }
  }

  /// The error for a damaged package; `errors` is the output of dpkg-deb or its tar, in any number of lines.
  static func damaged(_ name: String, _ errors: String) -> Failure {
    let isFull = Tools.isAboutRoom(errors)
    let said = isFull ? "the disk is full" : Tools.plain(Tools.firstLine(of: errors))
    return Failure(
      .unreadable, "\(name) could not be unpacked: \(said)",
      advice: isFull
        ? CacheFolder.makeRoom : "run again; if that does not help, the disk is damaged")
  }

  /// Moves the kernel's files from the unpacked packages in `folder` into `tree`; throws if there is no image
  /// or if modules are missing.
  func keepKernel(
    of packages: String, from folder: String, in tree: String
  ) async throws(Failure) {
    let packed = "\(folder)/image.packed"
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    for path in paths.sorted() {
      guard let target = Self.target(path) else { continue }
      try Self.move("\(folder)/\(path)", to: target == "image" ? packed : "\(tree)/\(target)")
    }
    guard InputFile.kind(of: packed) == .regular else {
      throw Self.unexpected(packages, "no image (boot/vmlinux-*, lib/modules/*/vmlinuz)")
    }
    do {
      try KernelModules.check(try KernelModules.folder(in: "\(tree)/modules"))
    } catch {
      throw Self.unexpected(
        packages, "not the modules \(KernelModules.needed.list)")
    }
    if let image = try await KernelImage.unpacked(packed, tools: tools) {
      try VersionedFolder.write(image, to: "\(tree)/image")
    } else {
      try Self.move(packed, to: "\(tree)/image")
    }
  }

  /// The path in the cache for a kernel's file in a package; nil for a file that is not kept.
  static func target(_ path: String) -> String? {
    var parts = path.split(separator: "/").map(String.init)
    if parts.first == "usr" { parts.removeFirst() }
    let (name, isBoot) = (parts.last ?? "", parts.count == 2 && parts[0] == "boot")
    guard isBoot || parts.count >= 4 && parts.starts(with: ["lib", "modules"]) else { return nil }
    if isBoot || parts.count == 4 {
      switch isBoot ? String(name.prefix { $0 != "-" }) : name {
      case "vmlinux", "vmlinuz": return "image"
      case "config": return "config"
      case "System.map": return "System.map"
      default: break
      }
    }
    let below = parts.dropFirst(3)
    let isKept =
      below.count == 1 && name.hasPrefix("modules.")
      || below.starts(with: ["kernel", "drivers", "nvdimm"])
      || below.starts(with: ["kernel", "drivers", "dax"])
    return isKept ? parts.dropFirst().joined(separator: "/") : nil
  }

  /// Moves busybox from the unpacked package in `folder` into `tree`.
  func keepBusybox(of package: String, from folder: String, in tree: String) throws(Failure) {
    let paths = ["bin/busybox", "usr/bin/busybox"].map { "\(folder)/\($0)" }
    guard let path = paths.first(where: { InputFile.kind(of: $0) == .regular }) else {
      throw Self.unexpected(package, "no busybox")
    }
    let bytes = try InputFile.read(path, regularOnly: true)
    // A 64-bit ELF file for machine 243, which is RISC-V.
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2]), bytes.count > 20,
      bytes[18] == 243, bytes[19] == 0
    else { throw Self.unexpected(package, "a busybox that is not for riscv64") }
    try VersionedFolder.write(bytes, to: "\(tree)/busybox", isExecutable: true)
  }

  /// Moves a regular file; folders and links stay.
  private static func move(_ path: String, to target: String) throws(Failure) {
    do {
      let files = FileManager.default
      guard try files.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular
      else { return }
      try files.createDirectory(
        at: URL(filePath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
      try? files.removeItem(atPath: target)
      try files.moveItem(atPath: path, toPath: target)
    } catch {
      throw CacheFolder.notWritable(target)
    }
  }

  private static func unexpected(_ packages: String, _ what: String) -> Failure {
    Failure(
      .unreadable, "the package \(packages) contains \(what)",
      advice: "name another suite, or give an image of your own with --image and --modules")
  }
}
