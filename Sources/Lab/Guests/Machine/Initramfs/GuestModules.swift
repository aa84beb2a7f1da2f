// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// The modules that a guest may load, from a kernel's folder of modules.
struct GuestModules: Sendable {
  /// The drivers of persistent memory and of the devices made from it (drivers/nvdimm, drivers/dax), in an
  /// order in which they can be loaded.
  static let names = ["dax"] + needed

  /// The modules that a guest needs. `dax` is not one of them: distributions build it in, and not every
  /// folder has the list that shows this.
  private static let needed = [
    "libnvdimm", "nd_btt", "of_pmem", "nd_pmem", "dax_pmem", "device_dax", "kmem",
  ]

  /// The suffixes of a module's file, each with the program that decompresses it.
  private static let endings: [(ending: String, decompressor: String?)] = [
    (".ko", nil), (".ko.xz", "xz"), (".ko.zst", "zstd"), (".ko.gz", "gzip"),
  ]

  /// The paths of the modules, by name.
  let paths: [String: String]

  /// Searches `folder`, which holds `kernel/drivers/...`, for the modules that a guest needs.
  ///
  /// Throws if a module is neither there nor built in (`modules.builtin`).
  init(folder: String) throws(Failure) {
    let below = "\(folder)/kernel/drivers"
    let builtIn = Self.builtIn(folder)
    var paths: [String: String] = [:]
    for subfolder in ["nvdimm", "dax"] {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(below)/\(subfolder)"))
      for file in files ?? [] {
        guard let name = Self.moduleName(file), Self.names.contains(name) else { continue }
        paths[name] = "\(below)/\(subfolder)/\(file)"
      }
    }
    let missing = Self.needed.filter { paths[$0] == nil && !builtIn.contains($0) }
    guard missing.isEmpty else {
      throw Failure(
        .incomplete, "\(folder) lacks the kernel's modules \(missing.list)",
        advice: "build the kernel with CONFIG_OF_PMEM, CONFIG_BLK_DEV_PMEM, CONFIG_DEV_DAX, "
          + "CONFIG_DEV_DAX_PMEM and CONFIG_DEV_DAX_KMEM, and name the folder that holds kernel/drivers"
      )
    }
    self.paths = paths
  }

  /// Writes the modules to `folder`, uncompressed, as `NAME.ko`.
  func unpack(to folder: String) async throws(Failure) {
    for (name, path) in paths.sorted(by: { $0.key < $1.key }) {
      guard let packed = FileManager.default.contents(atPath: path) else {
        throw Failure(.incomplete, "\(path) cannot be read")
      }
      var plain = [UInt8](packed)
      if let decompressor = Self.decompressor(of: path) {
        let package = decompressor == "xz" ? "xz-utils" : decompressor
        plain = try await MachineProgram(named: decompressor, package: package)
          .run(["-dc"], input: plain)
      }
      try Initramfs.write(plain, to: "\(folder)/\(name).ko")
    }
  }

  /// The name of the module in a file: "nd-pmem.ko.xz" and "nd_pmem.ko.xz" both hold `nd_pmem`.
  static func moduleName(_ file: String) -> String? {
    for (ending, _) in endings where file.hasSuffix(ending) {
      return String(file.dropLast(ending.count).map { $0 == "-" ? "_" : $0 })
    }
    return nil
  }

  private static func decompressor(of path: String) -> String? {
    endings.first { path.hasSuffix($0.ending) }?.decompressor
  }

  /// The modules that the kernel has built in; the file has one path per line.
  private static func builtIn(_ folder: String) -> Set<String> {
    guard let data = FileManager.default.contents(atPath: "\(folder)/modules.builtin") else {
      return []
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    return Set(
      lines.compactMap { $0.split(separator: "/").last.flatMap { moduleName(String($0)) } })
  }
}
