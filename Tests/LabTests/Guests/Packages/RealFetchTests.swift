// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import Lab
@testable import Subjects

@Suite("Debian's own packages")
struct RealFetchTests {
  @Test(
    "Kernels, QEMU and busybox are fetched once, and then work with an empty PATH",
    .enabled(if: ProcessInfo.processInfo.environment["MHPCHECK_REAL"] == "1"),
    arguments: ["trixie", "sid"] as [String])
  func real(suite: String) async throws {
    let folder = try PrivateFolder()
    let files = try await GuestPackages(cacheFolder: folder.path, searchPath: nil) { print($0) }
      .files(for: .debian(suite: suite))
    #expect(try KernelImage.kind(of: files.image) == .plain)
    try KernelModules.check(files.modules)
    #expect(files.version?.hasPrefix("linux-image-") == true)
    let said = Mutex<[String]>([])
    // Installed programs are found on PATH; fetched ones do not need it.
    let isInstalled = [files.qemu, files.dtc].contains { !$0.hasPrefix(folder.path) }
    let searchPath = isInstalled ? nil : ["\(folder.path)/no"]
    let offline = GuestPackages(cacheFolder: folder.path, searchPath: searchPath) { line in
      said.withLock { $0.append(line) }
    }
    #expect(try await offline.files(for: .debian(suite: suite)) == files)
    #expect(said.withLock { $0 }.isEmpty)
  }
}
