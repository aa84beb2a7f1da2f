// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Cases
@testable import Lab
@testable import Machine
@testable import Port

@Suite("The cases of confirm")
struct ConfirmCasesTests {
  @Test("can be read, and number at least eighteen")
  func read() { #expect(ConfirmCases.all.count >= 18) }

  @Test("have unique ids, and a guest can run each of them")
  func sound() {
    #expect(Set(ConfirmCases.all.map(\.id)).count == ConfirmCases.all.count)
    for one in ConfirmCases.all { #expect(one.flaw == nil, "\(one.id)") }
  }

  @Test("compare every aspect")
  func whole() {
    for one in ConfirmCases.all {
      #expect(Set(one.compare) == Set(ConfirmCase.Aspect.allCases), "\(one.id)")
    }
  }

  @Test("number four in the short form, each for every mode")
  func short() {
    let short = ConfirmCases.all.filter(\.isShort)
    #expect(short.count == 4)
    #expect(short.allSatisfy { $0.modes == nil })
  }

  @Test("include the regions that the issue names")
  func regions() {
    let all = Set(ConfirmCases.all.flatMap { $0.regions.map { "\(hex($0.base)) \(hex($0.size))" } })
    for region in [
      "0x100000000 0x40000000", "0x100000000 0x8000000", "0x110000000 0x60000000",
      "0x120000000 0x20000000", "0x8c00000000 0x20000000", "0x114000000 0x20000000",
      "0x104000000 0x4000000",
    ] {
      #expect(all.contains(region), "\(region)")
    }
  }

  private static let sound = ConfirmCase(
    id: "made/up", purpose: "Nothing.", isShort: false,
    boot: [ConfirmCase.Extent(base: 0x8000_0000, size: 0x4000_0000)],
    regions: [ConfirmCase.Extent(base: 0x1_0000_0000, size: 0x800_0000)],
    driver: ConfirmCase.Driver(kind: .raw), steps: [ConfirmCase.Step(.add, region: 0)],
    compare: ConfirmCase.Aspect.allCases)

  @Test("that no guest can run say what is wrong")
  func flaws() {
    #expect(Self.sound.flaw == nil)
    func flaw(_ change: (inout ConfirmCase) -> Void) -> String? {
      var one = Self.sound
      change(&one)
      return one.flaw
    }
    #expect(flaw { $0.regions[0].size = 0x1000 }?.contains("2 MiB") == true)
    #expect(flaw { $0.regions[0].base = 0x8000_0000 }?.contains("overlaps other memory") == true)
    #expect(flaw { $0.boot = [] } == "no memory to boot with")
    let blocks = ConfirmCase.Driver(
      kind: .kmem, memmap: .ram, align: 2 << 20, memmapOnMemory: true)
    let many = flaw {
      $0.driver = blocks
      // 16 blocks of 128 MiB; the first one belongs to the driver itself.
      $0.regions[0].size = 0x8000_0000
    }
    #expect(many == "15 altmaps, and the model has 8")
    #expect(flaw { $0.boot[0].size = 1 << 40 } != nil)
    #expect(flaw { $0.regions[0].size = 0x8000_0000_0000_0000 } != nil)
    #expect(flaw { $0.steps[0].region = 1 } == "there is no region 1")
    #expect(flaw { $0.steps[0].times = 2 }?.contains("only cycles") == true)
    #expect(flaw { $0.modes = ["sv32"] } == "there is no mode sv32")
    #expect(flaw { $0.driver.memmap = .ram } == "the raw driver has no settings")
    #expect(flaw { $0.driver = ConfirmCase.Driver(kind: .devdax) }?.contains("memmap") == true)
    #expect(
      flaw { $0.driver = ConfirmCase.Driver(kind: .devdax, memmap: .ram, align: 8192) }?
        .contains("align") == true)
  }

  @Test("accept only hexadecimal numbers", arguments: ["\"100\"", "100", "\"0x\"", "\"0xg\""])
  func numbers(text: String) {
    let json = "{ \"base\": \(text), \"size\": \"0x1000\" }"
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(ConfirmCase.Extent.self, from: Data(json.utf8))
    }
  }
}
