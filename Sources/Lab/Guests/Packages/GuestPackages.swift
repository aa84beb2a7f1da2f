// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Finds or fetches the files for running a guest.
///
/// Nothing is installed and no root is needed: all files are below the user's cache, in `guests/`. A fetched
/// version is used from then on without apt or a network; to fetch a newer version, remove its folder.
struct GuestPackages: Sendable {
  private let cache: CacheFolder
  private let tools: Tools
  private let progress: @Sendable (String) -> Void
  private let root: String
  private let pins: PackagePins

  /// The suite for busybox where the kernel is not Debian's.
  private static let defaultSuite = "trixie"

  /// Packages in `cacheFolder` (nil: the user's own), fetched with programs from `searchPath` (nil: the
  /// environment's PATH). `progress` gets a line before every long step. Tests have the machine's configuration
  /// below `root`, and other pins.
  init(
    cacheFolder: String?, searchPath: [String]?, root: String = "", pins: PackagePins = .committed,
    progress: @escaping @Sendable (String) -> Void
  ) {
    cache = CacheFolder(path: cacheFolder)
    tools = Tools(searchPath: searchPath)
    self.root = root
    self.pins = pins
    self.progress = progress
  }

  /// The files to run `kernel` from.
  ///
  /// Throws one line with a remedy: for a name that is not a suite, for an unusable image or folder of
  /// modules, or (`isAboutMissing`) for a missing package, program or network.
  func files(for kernel: GuestKernel) async throws(GuestError) -> GuestFiles {
    let suite: String
    var own: GivenKernel?
    // Check the user's input before anything is fetched.
    switch kernel {
    case .debian(let name):
      guard DebianSuite.isName(name) else {
        throw GuestError(
          message: "\"debian:\(name)\" names no suite of Debian",
          advice: "suites are called like trixie or sid: small letters, digits and hyphens")
      }
      suite = name
    case .image(let path, let modules):
      suite = Self.defaultSuite
      do throws(SubjectError) {
        own = try await given(image: path, modules: modules)
      } catch {
        throw GuestError(error).aboutInput
      }
    }
    do throws(SubjectError) {
      return try await files(suite: suite, kernel: own)
    } catch {
      throw GuestError(error)
    }
  }

  private func files(
    suite: String, kernel: GivenKernel?
  ) async throws(SubjectError) -> GuestFiles {
    let programs = ProgramPackages(
      cache: cache, tools: tools,
      apt: PrivateApt(place: "machine", cache: cache, tools: tools, progress: progress),
      progress: progress)
    let qemu = try await programs.program(.qemu)
    let dtc = try await programs.program(.dtc)
    let debian = DebianSuite(
      name: suite, root: root, cache: cache, tools: tools, pins: pins, progress: progress)
    let kernel = if let kernel { kernel } else { try await debian.kernel() }
    let libraries = qemu.libraries + dtc.libraries
    return GuestFiles(
      image: kernel.image, modules: kernel.modules, busybox: try await debian.busybox(),
      qemu: qemu.path, qemuData: qemu.tree.map { "\($0)/usr/share/qemu" }, dtc: dtc.path,
      libraries: libraries.isEmpty ? nil : libraries.joined(separator: ":"),
      version: kernel.version)
  }

  /// The kernel that the user named; throws if it is unusable.
  private func given(
    image path: String, modules: String
  ) async throws(SubjectError) -> GivenKernel {
    let folder = try KernelModules.folder(in: modules)
    try KernelModules.check(folder)
    return GivenKernel(image: try await image(path), modules: folder, version: nil)
  }

  /// The path of the plain image of the file at `path`: that file itself, or its unpacked form.
  private func image(_ path: String) async throws(SubjectError) -> String {
    if try KernelImage.kind(of: path) == .plain { return path }
    let folder = VersionedFolder(cache: cache, place: "guests/images")
    let digest = try await digest(path)
    if let entry = folder.whole(digest) { return "\(entry.path)/image" }
    let entry = try await folder.make(
      waiting: { progress("waiting for another run that unpacks an image") },
      found: { folder.whole(digest) },
      fill: { (tree, _) async throws(SubjectError) in
        let image = try await KernelImage.unpacked(path, tools: tools) ?? []
        try VersionedFolder.write(image, to: "\(tree)/image")
        return (digest, digest)
      })
    return "\(entry.path)/image"
  }

  private func digest(_ path: String) async throws(SubjectError) -> String {
    let program = try tools.locate("sha256sum", advice: "install coreutils")
    // sha256sum prints a backslash before the digest if it had to quote the file's name.
    let outcome = try await tools.run(program, ["--", path])
    let digest = outcome.text.drop { $0 == "\\" }.prefix { $0 != " " }
    guard outcome.status.isSuccess, digest.count == 64, digest.allSatisfy(\.isHexDigit) else {
      throw SubjectError(message: "sha256sum failed: \(outcome.firstError)")
    }
    return String(digest)
  }
}

extension GuestError {
  /// The error of a package or a program, for whoever runs guests.
  init(_ error: SubjectError) {
    self.init(
      message: error.message, advice: error.advice, isAboutMissing: error.isAboutMissing)
  }
}
