// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab
@testable import Machine
@testable import Port

@Suite("Bindings between pages of model and kernel")
struct PageBindingsTests {
  @Test("are one to one")
  func oneToOne() {
    var bindings = PageBindings()
    let pairs: [(model: UInt64, kernel: UInt64)] = [
      (1, 100), (1, 100), (1, 101), (2, 100), (2, 101),
    ]
    var isBound: [Bool] = []
    for pair in pairs { isBound.append(bindings.bind(model: pair.model, kernel: pair.kernel)) }
    #expect(isBound == [true, true, false, false, true])
    #expect(bindings.kernel(ofModel: 1) == 100)
    #expect(bindings.kernel(ofModel: 3) == nil)
    #expect(bindings.hasKernel(101) && !bindings.hasKernel(102))
  }
}

@Suite("A kernel's version")
struct KernelReleaseTests {
  @Test(
    "is read from the output of uname",
    arguments: [
      ("6.12.107+deb13-riscv64", KernelRelease(6, 12)),
      ("7.2.13+deb14-riscv64", KernelRelease(7, 2)),
      ("6.16-rc1", KernelRelease(6, 16)),
    ] as [(String, KernelRelease)])
  func read(text: String, release: KernelRelease) {
    #expect(KernelRelease(text) == release)
  }

  @Test("is not read from any other text", arguments: ["", "six", "6", ".12", "a.b.c"])
  func unknown(text: String) { #expect(KernelRelease(text) == nil) }

  @Test("tells whether tables of every level have constructors: from 6.16 on")
  func options() {
    #expect(!KernelRelease(6, 12).options.contains(.pudConstructor))
    #expect(!KernelRelease(6, 15).options.contains(.p4dConstructor))
    #expect(KernelRelease(6, 16).options.isSuperset(of: [.pudConstructor, .p4dConstructor]))
    #expect(KernelRelease(7, 2).options.isSuperset(of: [.pudConstructor, .p4dConstructor]))
  }
}
