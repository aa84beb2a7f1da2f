// SPDX-License-Identifier: GPL-2.0-only

/// The files that a guest needs from a suite.
enum WantedPackage: Hashable, Sendable {
  /// The suite's newest kernel.
  case kernel
  /// A static busybox.
  case busybox

  /// The package that names it, independent of the version.
  var root: String {
    switch self {
    case .kernel: "linux-image-riscv64"
    case .busybox: "busybox-static"
    }
  }

  /// The name in errors and progress.
  var noun: String {
    switch self {
    case .kernel: "kernel"
    case .busybox: "static busybox"
    }
  }

  /// Whether `name`, on which another package depends, has a part of it. Up to trixie, an image's package
  /// holds the image and the modules; later, they and the configuration have their own packages.
  func isFollowed(to name: String) -> Bool {
    guard self == .kernel else { return false }
    return ["linux-image-", "linux-binary-", "linux-modules-", "linux-base-"].contains { prefix in
      name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isNumber == true
    }
  }

  /// Whether the package `name` has a part of it.
  func isServed(by name: String) -> Bool { name == root || isFollowed(to: name) }
}
