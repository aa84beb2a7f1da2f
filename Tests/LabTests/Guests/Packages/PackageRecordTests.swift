// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Lab

@Suite("What apt says of packages")
struct PackageRecordTests {
  @Test("A record has the name, the version, the size and the first of alternatives")
  func shown() throws {
    let record = try #require(
      PackageRecord.parse(
        shown: """
          Package: linux-image-7.2-riscv64
          Version: 1:7.2~rc1-1+b2
          Depends: dracut | initramfs-tools (>= 0.1), linux-binary-7.2-riscv64 (= 7.2-1), kmod:any
          Size: 1876
          Description: x
           Version: 9

          Package: other
          Version: 2
          Size: 1
          """))
    #expect(record.name == "linux-image-7.2-riscv64" && record.version == "1:7.2~rc1-1+b2")
    #expect(record.bytes == 1876)
    #expect(record.depends == ["dracut", "linux-binary-7.2-riscv64", "kmod"])
    #expect(record.argument == "linux-image-7.2-riscv64=1:7.2~rc1-1+b2")
  }

  @Test(
    "What could be an option, or is cut off, is no record",
    arguments: [
      "", "Package: p\nVersion: 1\n", "Package: -oX\nVersion: 1\nSize: 1\n",
      "Package: pp\nVersion: $(x)\nSize: 1\n", "Package: pp\nVersion: 1\nSize: -1\n",
      "Package: pp\nVersion: \u{1b}[2J\nSize: 1\n",
    ] as [String])
  func refused(text: String) {
    #expect(PackageRecord.parse(shown: text) == nil)
  }

  @Test("The files that apt would fetch are read with epochs and architectures, its talk is not")
  func uris() {
    let records = PackageRecord.parse(
      uris: """
        Reading package lists...
          gstreamer1.0-plugins-good
        'http://m.example/q_7.2%2bdfsg-7_amd64.deb' qemu-x_1%3a7.2+dfsg-7_amd64.deb 46166984 MD5Sum:0
        'http://m.example/o.deb' opensbi_1.1-2_all.deb 82240
        'http://m.example/o.deb' ../../etc_1_all.deb 1
        'http://m.example/o.deb' short.deb
        """)
    #expect(records.map(\.argument) == ["qemu-x:amd64=1:7.2+dfsg-7", "opensbi=1.1-2"])
    #expect(records.map(\.bytes) == [46_166_984, 82240])
  }

  @Test(
    "Sizes are told in megabytes",
    arguments: [(112_012_420, "112 MB"), (941_532, "0.9 MB"), (9_937_196, "9.9 MB"), (0, "0.0 MB")]
      as [(Int, String)])
  func megabytes(bytes: Int, text: String) {
    #expect(PackageRecord.megabytes(bytes) == text)
  }

  @Test(
    "The committed pins are whole: a kernel and a busybox for each suite, below the pool, with digests"
  )
  func pins() {
    let pins = PackagePins.committed
    #expect(pins.schema == "mhpcheck.pins/1")
    let suites = Set(pins.packages.map(\.suite))
    #expect(suites.contains("trixie"))
    for suite in suites {
      #expect(SuiteRepository.isName(suite))
      #expect(!pins.packages(of: suite, for: .kernel).isEmpty)
      #expect(pins.packages(of: suite, for: .busybox).count == 1)
    }
    for pin in pins.packages {
      #expect(PackageRecord.isName(pin.name) && PackageRecord.isVersion(pin.version))
      #expect(pin.path.hasPrefix("pool/main/") && pin.path.hasSuffix("_riscv64.deb"))
      #expect(!pin.path.contains("..") && pin.path.contains("/\(pin.name)_"))
      #expect(pin.bytes > 0 && pin.sha256.count == 64)
      #expect(pin.sha256.allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}
