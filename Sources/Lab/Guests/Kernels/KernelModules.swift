// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects

/// The folder of a kernel's modules.
enum KernelModules {
  /// The modules that a guest needs: they drive the memory that is withheld at boot.
  static let needed = ["libnvdimm", "of_pmem", "nd_pmem"]
  private static let endings = [".ko", ".ko.xz", ".ko.zst", ".ko.gz"]

  /// The folder with the modules of one kernel: `path`, or the only such folder below it.
  static func folder(in path: String) throws(Failure) -> String {
    guard InputFile.kind(of: path) == .folder else {
      let isThere = InputFile.kind(of: path) != .missing
      throw Failure(
        .unreadable, "\(path): \(isThere ? "not a folder" : "no such folder")",
        advice: "give the folder that make modules_install filled: lib/modules/RELEASE")
    }
    if isOfOneKernel(path) { return path }
    for place in [path, "\(path)/lib/modules", "\(path)/usr/lib/modules"] {
      let found = VersionedFolder.names(in: place).filter { isOfOneKernel("\(place)/\($0)") }
      if found.count == 1 { return "\(place)/\(found[0])" }
      guard found.isEmpty else {
        throw Failure(
          .unreadable, "\(place) contains the modules of \(found.count) kernels",
          advice: "give the folder of one, e.g. \(place)/\(found[0])")
      }
    }
    throw Failure(
      .unreadable, "\(path) contains no modules (no folder kernel/, no modules.builtin)",
      advice: "give the folder that make modules_install filled: lib/modules/RELEASE")
  }

  private static func isOfOneKernel(_ folder: String) -> Bool {
    InputFile.kind(of: "\(folder)/kernel") == .folder
      || InputFile.kind(of: "\(folder)/modules.builtin") == .regular
  }

  /// The name of the module in a file; module names do not distinguish hyphens from underscores.
  private static func moduleName(_ file: String) -> String? {
    guard let ending = endings.first(where: file.hasSuffix) else { return nil }
    return String(file.dropLast(ending.count).map { $0 == "-" ? "_" : $0 })
  }

  /// Throws if the kernel has one of `needed` neither as a module nor built in.
  static func check(_ folder: String) throws(Failure) {
    let builtin = (try? InputFile.read("\(folder)/modules.builtin", regularOnly: true)) ?? []
    let lines = String(decoding: builtin, as: UTF8.self).split(whereSeparator: \.isNewline)
    let files = VersionedFolder.names(in: "\(folder)/kernel/drivers/nvdimm")
    let found = Set(
      (lines.compactMap { $0.split(separator: "/").last.map(String.init) } + files)
        .compactMap(moduleName))
    for name in needed {
      guard found.contains(name) else {
        throw Failure(
          .unreadable, "\(folder) has no \(name)",
          advice: "build with CONFIG_LIBNVDIMM, CONFIG_OF_PMEM and CONFIG_BLK_DEV_PMEM")
      }
    }
  }
}
