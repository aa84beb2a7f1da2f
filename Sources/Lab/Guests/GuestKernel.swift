// SPDX-License-Identifier: GPL-2.0-only

/// A kernel to run as a guest, as the command line names it.
public enum GuestKernel: Hashable, Sendable {
  /// The newest kernel for riscv64 of a suite of Debian, e.g. "trixie".
  case debian(suite: String)
  /// A kernel that the user built: its image, and the folder of its modules (`lib/modules/RELEASE`, or a
  /// folder that holds one such folder).
  case image(path: String, modules: String)

  /// "debian:trixie", or the image's path.
  public var name: String {
    switch self {
    case .debian(let suite): "debian:\(suite)"
    case .image(let path, _): path
    }
  }
}

/// The files for running a guest.
struct GuestFiles: Hashable, Sendable {
  /// The kernel's image, uncompressed or in a form that QEMU takes.
  var image: String
  /// The folder that holds `kernel/drivers/...` with the modules, compressed or not.
  var modules: String
  /// A static busybox for riscv64.
  var busybox: String
  /// `qemu-system-riscv64`.
  var qemu: String
  /// The folder of QEMU's own data, for `-L`; nil where QEMU finds it itself.
  var qemuData: String?
  /// The device-tree compiler.
  var dtc: String
  /// Folders of shared libraries that QEMU and dtc need (`LD_LIBRARY_PATH`); nil where they are installed.
  var libraries: String?
  /// The package and version of the kernel, if it comes from a package.
  var version: String?
}
