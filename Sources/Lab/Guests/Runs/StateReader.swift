// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// Reads the state of a running kernel: its tables and globals from its memory, from outside, and the rest
/// from the kernel's own files.
struct StateReader {
  let machine: VirtualMachine
  let memory: MappedRAM
  let layout: AddressLayout
  let capture: TableCapture
  /// Physical addresses.
  private let root: UInt64
  private let maxPFN: UInt64
  private let maxLowPFN: UInt64

  /// The time that a guest may take for an answer.
  static let patience = Duration.seconds(60)

  /// Finds the kernel's data, through the tables of any process that runs.
  static func find(
    _ symbols: KernelSymbols, in machine: VirtualMachine, mode: PagingMode,
    for confirmCase: ConfirmCase
  ) async throws(Failure) -> StateReader {
    guard let memory = MappedRAM(path: machine.ramFile, base: VirtualMachine.ramBase) else {
      throw Failure(.incomplete, "the guest's memory cannot be read from its file")
    }
    try await machine.stop()
    let (process, _) = try await machine.rootTable()
    var layout = AddressLayout(mode: mode)
    func physical(_ address: UInt64) throws(Failure) -> UInt64 {
      let found = Translation.physical(of: address, root: process, layout: layout) {
        memory.page(pfn: $0)
      }
      guard let found else {
        throw Failure(
          .incomplete, "the kernel's own data at 0x\(String(address, radix: 16)) is not mapped")
      }
      return found
    }
    let first = try symbols.vmemmapStartPFN.map { address throws(Failure) in
      memory.word(at: try physical(address)) ?? 0
    }
    let places = (
      root: try physical(symbols.root), maxPFN: try physical(symbols.maxPFN),
      maxLowPFN: try physical(symbols.maxLowPFN)
    )
    try await machine.resume()
    layout = AddressLayout(mode: mode, vmemmapStartPFN: first ?? 0)
    return StateReader(
      machine: machine, memory: memory, layout: layout,
      capture: TableCapture(of: confirmCase, layout: layout), root: places.root,
      maxPFN: places.maxPFN, maxLowPFN: places.maxLowPFN)
  }

  /// The kernel's present state, and its messages since the last request.
  func read() async throws(Failure) -> (state: KernelState, messages: [String]) {
    try await machine.stop()
    let tables = capture.tables(root: root >> AddressLayout.pageShift) { memory.page(pfn: $0) }
    let numbers = (memory.word(at: maxPFN), memory.word(at: maxLowPFN))
    try await machine.resume()
    guard var tables, let last = numbers.0, let lastLow = numbers.1 else {
      throw Failure(
        .incomplete, "the kernel's page tables cannot be read", console: machine.lastLines)
    }
    // The kernel reports nothing about pages behind max_pfn; if that has fallen (hazard H3), tables may lie
    // there.
    let told = tables.indices.filter { tables[$0].pfn < last }
    let answer = try await machine.run(
      GuestAnswerParts.command([
        GuestDialogue.counters, GuestDialogue.pageFlags(of: told.map { tables[$0].pfn }),
        GuestDialogue.messages,
      ]), within: Self.patience)
    let parts = GuestAnswerParts(answer.output)
    guard let counters = GuestDialogue.counters(parts[0]) else {
      throw Failure(
        .incomplete, "the kernel does not report nr_page_table_pages", console: machine.lastLines)
    }
    guard let flags = GuestDialogue.pageFlags(parts[1], count: told.count) else {
      throw Failure(
        .incomplete, "the kernel does not report page flags (/proc/kpageflags)",
        advice: "build it with CONFIG_PROC_PAGE_MONITOR", console: machine.lastLines)
    }
    for (place, flags) in zip(told, flags) {
      tables[place].isReserved = flags.isReserved
      tables[place].isConstructed = flags.isConstructed
    }
    return (
      KernelState(
        tables: tables, maxPFN: last, maxLowPFN: lastLow, pageTablePages: counters.pageTables,
        memmapPages: counters.memmap), GuestDialogue.messages(parts[2])
    )
  }
}
