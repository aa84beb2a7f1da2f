// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Lab

@Suite("The output of a guest's shell about its kernel")
struct GuestDialogueTests {
  @Test("is read as events, and lines of another form are ignored")
  func events() {
    let text = """
      a 84600 9
      f 84f61 0
      F remove_pgd_mapping.constprop.0
      R vunmap_range
      a zzz 0
      f 84f61 64
      a 84600
      nonsense
      """
    #expect(
      GuestDialogue.events(text) == [
        KernelEvent(.allocate, pfn: 0x84600, order: 9), KernelEvent(.free, pfn: 0x84f61),
        KernelEvent(.flushAll, caller: "remove_pgd_mapping.constprop.0"),
        KernelEvent(.flushRange, caller: "vunmap_range"),
      ])
  }

  @Test("is read as counters, where a negative value follows its clipped one")
  func counters() throws {
    let plain = try #require(
      GuestDialogue.counters("nr_page_table_pages 222\nnr_memmap_pages 512\n"))
    #expect(plain.pageTables == 222)
    #expect(plain.memmap == 512)
    let below = try #require(
      GuestDialogue.counters("nr_page_table_pages 0\nnr_page_table_pages -41\n"))
    #expect(below.pageTables == -41)
    #expect(below.memmap == nil)
    #expect(GuestDialogue.counters("nr_memmap_pages 512") == nil)
  }

  @Test("is read as flags of pages: bit 26 a constructed table, bit 32 reserved")
  func flags() throws {
    let text = "00000000 00000001 \n04000000 00000000\n"
    let flags = try #require(GuestDialogue.pageFlags(text, count: 2))
    #expect(flags[0] == (isReserved: true, isConstructed: false))
    #expect(flags[1] == (isReserved: false, isConstructed: true))
    #expect(GuestDialogue.pageFlags(text, count: 3) == nil)
    #expect(GuestDialogue.pageFlags("x y\n" + text, count: 2)?.count == 2)
  }

  @Test("is bounded if it quotes the kernel")
  func messages() {
    let long = String(repeating: "x", count: 1000)
    let lines = GuestDialogue.messages(Array(repeating: long, count: 500).joined(separator: "\n"))
    #expect(lines.count == 200)
    #expect(lines.allSatisfy { $0.count == 400 })
  }

  @Test(
    "distinguishes a kernel that cannot continue from one that warns",
    arguments: [
      ("[ 6.2] Unable to handle kernel paging request at virtual address ff1c000002100000", true),
      ("[ 6.2] Kernel panic - not syncing: Attempted to kill init!", true),
      ("[ 6.2] kernel BUG at mm/sparse.c:1!", true),
      ("[ 6.2] WARNING: CPU: 0 PID: 156 at mm/memremap.c:153 memunmap_pages+0x2a0/0x2a4", false),
    ] as [(String, Bool)])
  func stops(line: String, isStop: Bool) { #expect(GuestDialogue.isStop([line]) == isStop) }

  @Test("is split into the output of each command")
  func parts() {
    let command = GuestAnswerParts.command(["one", "two", "three"])
    #expect(command.split(separator: "\n").count == 5)
    let parts = GuestAnswerParts("1\n\n--mhpcheck-part--\n2\n\n--mhpcheck-part--\n3\n")
    #expect(parts[0] == "1\n\n")
    #expect(parts[2] == "3\n")
    #expect(parts[3].isEmpty)
  }

  @Test("has the required symbols, and no others")
  func symbols() throws {
    let text = """
      ffffffff81408678 D vmemmap_start_pfn
      ffffffff81dba188 B max_pfn
      ffffffff81dba198 B max_low_pfn
      ffffffff81dca000 B swapper_pg_dir
      """
    let symbols = try #require(KernelSymbols(text))
    #expect(symbols.root == 0xffff_ffff_81dc_a000)
    #expect(symbols.maxPFN == 0xffff_ffff_81db_a188)
    #expect(symbols.vmemmapStartPFN == 0xffff_ffff_8140_8678)
    let newer = text.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(try #require(KernelSymbols(newer)).vmemmapStartPFN == nil)
    // Without permission to see addresses, the kernel prints all of them as 0.
    #expect(KernelSymbols("0000000000000000 B max_pfn\n0 B max_low_pfn\n0 B swapper_pg_dir") == nil)
  }
}

@Suite("A command for a guest's shell")
struct DriverScriptTests {
  private func script(_ driver: ConfirmCase.Driver) -> DriverScript {
    DriverScript(
      confirmCase: ConfirmCase(
        id: "made/up", purpose: "Nothing.", isShort: false,
        boot: [ConfirmCase.Extent(base: 0x8000_0000, size: 0x4000_0000)],
        regions: [
          ConfirmCase.Extent(base: 0x1_0000_0000, size: 0x2000_0000),
          ConfirmCase.Extent(base: 0x1_4000_0000, size: 0x2000_0000),
        ], driver: driver, steps: [], compare: []))
  }

  @Test("contains no quotes that would end the shell's own", arguments: ConfirmCases.all)
  func quotes(one: ConfirmCase) {
    let script = DriverScript(confirmCase: one)
    for step in one.steps {
      let action = script.action(step.action, region: step.region, times: step.times ?? 1)
      #expect(!action.contains("'"), "\(one.id)")
    }
  }

  @Test("waits for the last region before it stops drivers from binding by themselves")
  func loading() throws {
    let loading = script(ConfirmCase.Driver(kind: .raw)).loading
    let wait = try #require(loading.firstRange(of: "namespace1.0"))
    let off = try #require(loading.firstRange(of: "drivers_autoprobe"))
    #expect(wait.upperBound < off.lowerBound)
  }

  @Test("brings the sections of a region online and offline by their numbers")
  func blocks() {
    let driver = ConfirmCase.Driver(kind: .kmem, memmap: .ram, align: 2 << 20, online: true)
    let action = script(driver).action(.add, region: 1, times: 1)
    #expect(action.contains("seq 40 43"))
    #expect(action.contains("online_movable"))
    #expect(script(driver).action(.remove, region: 1, times: 1).contains("echo offline"))
  }

  @Test("repeats a cycle the requested number of times")
  func cycle() {
    let action = script(ConfirmCase.Driver(kind: .raw)).action(.cycle, region: 0, times: 30)
    #expect(action.contains("seq 30"))
    #expect(action.contains("nd_pmem/bind") && action.contains("nd_pmem/unbind"))
  }
}
