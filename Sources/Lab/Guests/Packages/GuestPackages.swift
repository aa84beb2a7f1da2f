// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// Finds or fetches the files for running a guest.
///
/// Nothing is installed and no root is needed: all files are below the user's cache, in `guests/`. A fetched
/// version is used from then on without apt or a network; to fetch a newer version, remove its folder.
struct GuestPackages: Sendable {
  let cache: CacheFolder
  let tools: Tools
  /// Where the machine's configuration lies: "", or a folder of a test.
  let root: String
  let pins: PackagePins
  /// Gets a line before every long step.
  let progress: @Sendable (String) -> Void

  /// Packages in `cacheFolder` (nil: the user's own), fetched with programs from `searchPath` (nil: the
  /// environment's PATH).
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
  func files(for kernel: GuestKernel) async throws(Failure) -> GuestFiles {
    if case .debian(let name) = kernel, !DebianSuite.isName(name) {
      throw Failure(
        .incomplete, "\"debian:\(name)\" names no suite of Debian",
        advice: "suites are called like trixie or sid: small letters, digits and hyphens")
    }
    var isAboutInput = true
    do throws(Failure) {
      // Check the user's input before anything is fetched.
      let own = try await OwnKernel(packages: self).kernel(kernel)
      isAboutInput = false
      let programs = ProgramPackages(packages: self)
      let (qemu, dtc) = (try await programs.program(.qemu), try await programs.program(.dtc))
      let debian = DebianSuite(name: suite(of: kernel), packages: self)
      let chosen = if let own { own } else { try await debian.kernel() }
      let libraries = qemu.libraries + dtc.libraries
      return GuestFiles(
        image: chosen.image, modules: chosen.modules, busybox: try await debian.busybox(),
        qemu: qemu.path, qemuData: qemu.tree.map { "\($0)/usr/share/qemu" }, dtc: dtc.path,
        libraries: libraries.isEmpty ? nil : libraries.joined(separator: ":"),
        version: chosen.version)
    } catch {
      throw error.with(isAboutInput && !error.isAboutMissing ? .unreadable : .incomplete)
    }
  }

  /// The suite for busybox, and for the kernel if that is Debian's.
  private func suite(of kernel: GuestKernel) -> String {
    if case .debian(let name) = kernel { name } else { "trixie" }
  }
}
