// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab

@Suite("Pinned packages")
struct PackagePinsTests {
  @Test(
    "The committed pins have a kernel and a busybox for each suite, below the pool, with digests")
  func pins() {
    let pins = PackagePins.committed
    #expect(pins.schema == "mhpcheck.pins/1")
    let suites = Set(pins.packages.map(\.suite))
    #expect(suites.contains("trixie"))
    for suite in suites {
      #expect(DebianSuite.isName(suite))
      #expect(!pins.packages(of: suite, for: .kernel).isEmpty)
      #expect(pins.packages(of: suite, for: .busybox).count == 1)
    }
    for pin in pins.packages {
      #expect(pin.path.hasPrefix("pool/main/") && pin.path.hasSuffix("_riscv64.deb"))
      #expect(!pin.path.contains("..") && pin.path.contains("/\(pin.name)_"))
      #expect(pin.bytes > 0 && pin.sha256.count == 64)
      #expect(pin.sha256.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}
