// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A kernel's version, as far as the model depends on it.
struct KernelRelease: Comparable, Hashable, Sendable {
  let major: Int
  let minor: Int

  /// The version in the output of `uname -r`, e.g. "6.12.107+deb13-riscv64"; nil when there is none.
  init?(_ release: String) {
    let numbers = release.split(separator: ".", maxSplits: 2).prefix(2).map { part in
      Int(part.prefix { $0.isASCII && $0.isNumber })
    }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major, minor)
  }

  init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// Orders versions by number.
  static func < (left: KernelRelease, right: KernelRelease) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// The options of a kernel of this version: from 6.16 on, tables of every level have constructors.
  var options: KernelOptions {
    var options = KernelOptions.standard
    if self >= KernelRelease(6, 16) { options.formUnion([.pudConstructor, .p4dConstructor]) }
    return options
  }
}
