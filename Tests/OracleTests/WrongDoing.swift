// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port

/// The behaviour of a wrong subject in a small case: the port's behaviour, bent.
struct WrongDoing: Sendable, CustomTestStringConvertible {
  /// The sentence's predicate, without the subject: "leaves a mapping of the range".
  let testDescription: String
  /// The rule that must fire, and must not fire on the unbent behaviour.
  let rule: OracleRule
  /// Other rules that inevitably fire, too.
  var also: Set<OracleRule> = []
  /// The upstream hazard that it resembles; nil for a mistake of the subject's own.
  var hazard: Hazard.ID?
  var modes = ["sv39", "sv48", "sv57"]
  /// Numbers of index bits of the machines.
  var widths: [UInt64] = [9]
  let build: @Sendable (inout ScenarioBuilder) -> Void
  /// Turns the port's behaviour into that of a better text, where upstream's text breaks the rule.
  var mend: @Sendable (inout Deeds) -> Void = { _ in }
  let bend: @Sendable (inout Deeds) -> Void
  /// The expected evidence.
  let evidence: @Sendable (Deeds) -> Violation.Evidence

  init(
    _ rule: OracleRule, _ description: String, also: Set<OracleRule> = [],
    like hazard: Hazard.ID? = nil, modes: [String] = ["sv39", "sv48", "sv57"],
    widths: [UInt64] = [9],
    build: @escaping @Sendable (inout ScenarioBuilder) -> Void,
    mend: @escaping @Sendable (inout Deeds) -> Void = { _ in },
    bend: @escaping @Sendable (inout Deeds) -> Void,
    shows evidence: @escaping @Sendable (Deeds) -> Violation.Evidence
  ) {
    (self.rule, self.also, testDescription) = (rule, also, description)
    self.hazard = hazard
    (self.modes, self.widths) = (modes, widths)
    (self.build, self.mend, self.bend, self.evidence) = (build, mend, bend, evidence)
  }

  /// Checks the oracle in each of the modes and widths.
  func check() throws {
    for name in modes {
      let mode = try #require(Architecture.riscv.mode(named: name))
      for width in widths { try check(ScenarioBuilder(mode: mode, indexBits: width)) }
    }
  }

  private func check(_ empty: ScenarioBuilder) throws {
    var builder = empty
    build(&builder)
    let place = "\(empty.layout.mode.name), \(empty.layout.indexBits) index bits"
    var deeds = try Deeds(of: builder)
    let image = deeds.image
    mend(&deeds)
    let fair = Oracle.violations(image, deeds.observations)
    #expect(!fair.contains { $0.rule == rule }, "\(place): it fires where nothing is wrong")
    for violation in fair {
      #expect(violation.hazard != nil, "\(place): \(violation.rule), \(violation.sentence)")
    }
    bend(&deeds)
    let found = BrokenRules(Oracle.violations(image, deeds.observations), reference: fair).own
    let rules = Set(found.map(\.rule))
    #expect(rules == also.union([rule]), "\(place): \(found.map(\.sentence))")
    let shown = found.first { $0.rule == rule }
    #expect(shown?.evidence == evidence(deeds), "\(place)")
    #expect(shown?.hazard == hazard, "\(place)")
  }
}

/// The behaviour of a side in a case, to be bent. Methods about events concern those of the last call.
struct Deeds {
  let image: MachineImage
  var observations: [Observation]

  /// The port's behaviour in a case.
  init(of builder: ScenarioBuilder) throws {
    image = try builder.build(id: "wrong/doing", purpose: "A case to be bent.").lowered()
    observations = HotplugPort(fixes: .latest).steps(image)
  }

  var layout: AddressLayout { image.layout }
  var last: Observation {
    get { observations[observations.count - 1] }
    set { observations[observations.count - 1] = newValue }
  }
  private var firstEvent: Int {
    observations.count > 1 ? observations[observations.count - 2].events.count : 0
  }

  /// The first table of a level.
  func table(_ level: Level) -> Int {
    image.tables.firstIndex { $0.level == UInt32(level.rawValue) } ?? 0
  }

  /// The page of a table.
  func pfn(_ table: Int) -> UInt64 { Pool.pfn(ofTable: table, in: layout) }

  /// The initial word of a slot.
  func first(_ table: Int, _ slot: Int) -> UInt64 { MachineState(image).tables[table][slot] }

  /// Sets the final word of a slot, without an event.
  mutating func set(_ table: Int, _ slot: Int, to word: UInt64) {
    last.tables[table][slot] = word
  }

  /// Restores a slot to its initial word.
  mutating func keep(_ table: Int, _ slot: Int) { set(table, slot, to: first(table, slot)) }

  /// Makes a table's page free or live at the end; a live one gets zero entries.
  mutating func setFree(_ table: Int, _ isFree: Bool) {
    last.lives[table].live = isFree ? 0 : 1
    if !isFree {
      for slot in 0..<layout.entriesPerTable { last.tables[table][slot] = 0 }
    }
  }

  /// Removes the events of a kind; returns them.
  @discardableResult
  mutating func drop(_ kind: EventKind, _ isMeant: (Event) -> Bool = { _ in true }) -> [Event] {
    let own = last.events[firstEvent...]
    let dropped = own.filter { $0.kind == kind.rawValue && isMeant($0) }
    last.events.replaceSubrange(
      firstEvent..., with: own.filter { $0.kind != kind.rawValue || !isMeant($0) })
    return dropped
  }

  /// Removes the clears of a table.
  mutating func dropClears(of table: Int) { drop(.clear) { $0.a == UInt64(table) } }

  /// Inserts events before the first of a kind; by default before the call returns.
  mutating func insert(_ events: [Event], before kind: EventKind = .returned) {
    let place = last.events[firstEvent...].firstIndex { $0.kind == kind.rawValue }
    last.events.insert(contentsOf: events, at: place ?? last.events.count)
  }

  /// Changes all events of a kind.
  mutating func change(_ kind: EventKind, _ body: (inout Event) -> Void) {
    for index in firstEvent..<last.events.count where last.events[index].kind == kind.rawValue {
      body(&last.events[index])
    }
  }

  /// Clears a slot: inserts the event before the first of a kind, and sets the word.
  mutating func clear(_ table: Int, _ slot: Int, before kind: EventKind = .returned) {
    insert([Event(.clear, a: UInt64(table), b: UInt64(slot), c: 1)], before: kind)
    set(table, slot, to: 0)
  }

  /// Ends the case in its last call.
  mutating func end(_ ending: Ending) {
    drop(.returned)
    last.ending = ending
  }
}

/// The place of the cases. In small machines the addresses lie beyond the root's span, so that higher bits do
/// not count.
extension AddressLayout {
  var home: UInt64 {
    indexBits == 9 ? 0x1_4800_0000 : ramBase + 5 << (shift(of: .pgd) + indexBits)
  }
  var homeAddress: UInt64 { virtual(ofPhysical: home) }
  var homePFN: UInt64 { home >> Self.pageShift }
  var memmap: UInt64 { indexBits == 9 ? structPage(ofPFN: homePFN) : homeAddress }
  /// The number of pages in a PMD leaf.
  var leafPages: UInt64 { size(of: .pmd) >> Self.pageShift }

  /// An address in the form of a walk: the bits above the root's span are the sign.
  func canonical(_ address: UInt64) -> UInt64 {
    let unused = 64 - (shift(of: .pgd) + indexBits)
    return UInt64(bitPattern: Int64(bitPattern: address << unused) >> Int64(unused))
  }

  func slot(_ level: Level, _ address: UInt64) -> Int { index(of: address, at: level) }
  /// The slot of the first PMD leaf.
  var homeSlot: Int { slot(.pmd, homeAddress) }
  /// The slot of the first page.
  var pageSlot: Int { slot(.pte, homeAddress) }
  var memmapSlot: Int { slot(.pmd, memmap) }
}

/// The initial states of the cases.
extension ScenarioBuilder {
  /// PMD leaves in the linear map, starting at home.
  mutating func leaves(_ count: UInt64, protection: UInt64 = Bits.kernel) {
    mapLinear(
      physical: layout.home, size: bytes(.pmd, count), leaf: .pmd, protection: protection)
  }

  /// A page in the linear map at home, with a pte table of its own; its pmd table also has another leaf.
  mutating func page(kind: TableKind = .linear, count: UInt64 = 1) {
    mapLinear(
      physical: layout.home + bytes(.pmd), size: bytes(.pmd), leaf: .pmd,
      protection: Bits.kernel)
    mapLinear(
      physical: layout.home, size: bytes(.pte, count), leaf: .pte, protection: Bits.kernel,
      kind: kind)
  }

  mutating func removePage() { remove(.linear, from: layout.homeAddress, bytes: 0x1000) }

  mutating func removeLeaf() {
    remove(.linear, from: layout.homeAddress, bytes: bytes(.pmd))
  }

  /// The memmap of two sections; the call removes the first.
  mutating func removeMemmap(backing: Backing) {
    map(.vmemmap, .pmd, at: layout.memmap, count: 2, backing: backing)
    let altmap = backing == .altmap ? altmap(alloc: 2 * layout.leafPages) : nil
    remove(.vmemmap, from: layout.memmap, bytes: bytes(.pmd), altmap: altmap)
  }
}
