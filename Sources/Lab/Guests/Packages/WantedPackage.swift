// SPDX-License-Identifier: GPL-2.0-only

/// What is wanted of a suite.
enum WantedPackage: Hashable, Sendable {
  /// The suite's newest kernel.
  case kernel
  /// A static busybox.
  case busybox

  /// The package that names it, whatever its version.
  var root: String {
    switch self {
    case .kernel: "linux-image-riscv64"
    case .busybox: "busybox-static"
    }
  }

  /// What errors and progress call it.
  var noun: String {
    switch self {
    case .kernel: "kernel"
    case .busybox: "static busybox"
    }
  }

  /// Whether a package that another depends on has a part of it. Up to trixie an image's package holds image
  /// and modules; later they and the configuration are packages of their own.
  func isFollowed(to name: String) -> Bool {
    guard self == .kernel else { return false }
    return ["linux-image-", "linux-binary-", "linux-modules-", "linux-base-"].contains { prefix in
      name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isNumber == true
    }
  }

  /// Whether the package `name` has a part of it.
  func isServed(by name: String) -> Bool { name == root || isFollowed(to: name) }
}
