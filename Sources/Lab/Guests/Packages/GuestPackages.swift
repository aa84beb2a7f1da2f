// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Finds or fetches what a guest is run from.
///
/// Nothing is installed and no root is needed: all lies below the user's cache, in `guests/`. What was fetched
/// once serves from then on without apt or a network; removing its folder has a newer version fetched.
struct GuestPackages: Sendable {
  private let cache: CacheFolder
  private let tools: Tools
  private let progress: @Sendable (String) -> Void
  private let root: String
  private let pins: PackagePins

  /// The suite that busybox is taken from where the kernel is not Debian's.
  private static let defaultSuite = "trixie"

  /// Packages in `cacheFolder` (the user's own without one), fetched with programs from `searchPath` (the
  /// environment's PATH without one). `progress` gets a line before everything that takes long.
  init(
    cacheFolder: String?, searchPath: [String]?, progress: @escaping @Sendable (String) -> Void
  ) {
    self.init(
      cacheFolder: cacheFolder, searchPath: searchPath, root: "", pins: .committed,
      progress: progress)
  }

  /// With the machine's configuration below `root` and other pins, for tests.
  init(
    cacheFolder: String?, searchPath: [String]?, root: String, pins: PackagePins,
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
  /// Throws one line with what to do: a name that is no suite's, an image or a folder of modules that cannot
  /// serve, or (`isAboutMissing`) a package, a program or a network that is not there.
  func files(for kernel: GuestKernel) async throws(GuestError) -> GuestFiles {
    let suite: String
    var own: GivenKernel?
    // What the user named is judged before anything is fetched.
    switch kernel {
    case .debian(let name):
      guard SuiteRepository.isName(name) else {
        throw GuestError(
          message: "\"debian:\(name)\" names no suite of Debian",
          advice: "suites are called like trixie or sid: small letters, digits and hyphens")
      }
      suite = name
    case .image(let path, let modules):
      suite = Self.defaultSuite
      own = try await given(image: path, modules: modules)
    }
    let programs = ProgramPackages(cache: cache, tools: tools, progress: progress)
    let qemu = try await programs.program(.qemu)
    let dtc = try await programs.program(.dtc)
    let suiteFiles = SuiteFiles(
      repository: SuiteRepository(
        suite: suite, root: root, cache: cache, tools: tools, pins: pins, progress: progress),
      cache: cache, tools: tools, progress: progress)
    let chosen = if let own { own } else { try await suiteFiles.kernel() }
    let libraries = qemu.libraries + dtc.libraries
    return GuestFiles(
      image: chosen.image, modules: chosen.modules, busybox: try await suiteFiles.busybox(),
      qemu: qemu.path, qemuData: qemu.tree.map { "\($0)/usr/share/qemu" }, dtc: dtc.path,
      libraries: libraries.isEmpty ? nil : libraries.joined(separator: ":"),
      version: chosen.version)
  }

  /// What the user named, if it can serve.
  private func given(
    image path: String, modules: String
  ) async throws(GuestError) -> GivenKernel {
    do throws(GuestError) {
      let folder = try KernelModules.folder(in: modules)
      try KernelModules.check(folder)
      return GivenKernel(image: try await image(path), modules: folder, version: nil)
    } catch {
      throw error.aboutInput
    }
  }

  /// The plain image in the file at `path`: that file itself, or what it was unpacked to.
  private func image(_ path: String) async throws(GuestError) -> String {
    if try KernelImage.kind(of: path) == .plain { return path }
    let folder = VersionedFolder(cache: cache, place: "guests/images")
    let digest = try await digest(path)
    if let entry = folder.whole(digest) { return "\(entry.path)/image" }
    let entry = try await folder.make(
      waiting: { progress("waiting for another run that unpacks an image") },
      found: { folder.whole(digest) },
      fill: { (tree, _) async throws(GuestError) in
        let image = try await KernelImage.unpacked(path, tools: tools) ?? []
        try VersionedFolder.write(image, to: "\(tree)/image")
        return (digest, digest)
      })
    return "\(entry.path)/image"
  }

  private func digest(_ path: String) async throws(GuestError) -> String {
    let program = try asGuest(isAboutMissing: true) { () throws(SubjectError) in
      try tools.locate("sha256sum", advice: "install coreutils")
    }
    // A backslash before the digest marks a file's name that had to be quoted.
    let outcome = try await tools.runForGuest(program, ["--", path])
    let digest = outcome.text.drop { $0 == "\\" }.prefix { $0 != " " }
    guard outcome.status.isSuccess, digest.count == 64, digest.allSatisfy(\.isHexDigit) else {
      throw GuestError(message: "sha256sum failed: \(outcome.firstError)")
    }
    return String(digest)
  }
}
