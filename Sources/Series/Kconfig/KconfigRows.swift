// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The rows that are a matter of configuration.
public struct KconfigRows {
  private let subject: KconfigSubject

  /// Reads a subject's configuration.
  ///
  /// - Throws: for files that are no configuration: a line with the place.
  public init(_ text: SubjectText) throws(KconfigError) { subject = try KconfigSubject(text) }

  /// f8c2a240556e, 0546d7043e55 and 4705c1571ad3.
  public func rows() throws(KconfigError) -> [SeriesRow] {
    [try enabling(), try virtioMem(), try daxVmemmap()]
  }

  /// What is known of a symbol that the architecture has to select.
  struct Selected {
    /// Whether the generic code knows the symbol.
    var isKnown: Bool
    /// Whether it follows.
    var follows: Bool
    /// A sentence.
    var evidence: String
  }

  /// Whether a symbol follows from the architecture's `select`.
  func selected(_ symbol: String) throws(KconfigError) -> Selected {
    let isKnown =
      !subject.paths.contains(KconfigSubject.memory) || subject.model.defines(symbol)
    let places = subject.selects(of: symbol)
    let value = try subject.evaluator().value(of: symbol)
    if let place = places.first {
      return Selected(
        isKnown: isKnown, follows: value == .yes,
        evidence: value == .yes
          ? "RISCV selects \(symbol) (\(place))"
          : "RISCV selects \(symbol) (\(place)), but under a condition that does not hold")
    }
    if !subject.isFragment, value == .yes {
      let place = subject.model.place(of: symbol).map { " (\($0))" } ?? ""
      return Selected(isKnown: isKnown, follows: true, evidence: "\(symbol) follows\(place)")
    }
    return Selected(
      isKnown: isKnown, follows: false,
      evidence: subject.paths.contains(KconfigSubject.architecture)
        ? "nothing in \(KconfigSubject.architecture) selects \(symbol)"
        : "there is no \(KconfigSubject.architecture) that could select \(symbol)")
  }

  private func enabling() throws(KconfigError) -> SeriesRow {
    let add = try selected("ARCH_ENABLE_MEMORY_HOTPLUG")
    let remove = try selected("ARCH_ENABLE_MEMORY_HOTREMOVE")
    let evaluator = subject.evaluator()
    let canAdd = try evaluator.value(of: "MEMORY_HOTPLUG") == .yes
    let canRemove = try evaluator.value(of: "MEMORY_HOTREMOVE") == .yes
    let parts = [add.follows, remove.follows]
    var evidence = "\(add.evidence); \(remove.evidence)"
    var status: SeriesStatus =
      parts.allSatisfy { $0 } ? .present : parts.contains(true) ? .partial : .absent
    if status == .present, !(canAdd && canRemove) {
      status = .partial
      evidence += "; still \(canAdd ? "MEMORY_HOTREMOVE" : "MEMORY_HOTPLUG") cannot be chosen"
    } else if status == .present {
      evidence += "; MEMORY_HOTPLUG and MEMORY_HOTREMOVE can be chosen"
    }
    return SeriesRow(.enabling, status, by: .structure, evidence: evidence)
  }

  /// Other architectures, as Kconfig files name them: none of them is RISC-V.
  private static let otherArchitectures: Set<String> = [
    "ALPHA", "ARC", "ARM", "ARM64", "CSKY", "HEXAGON", "IA64", "LOONGARCH", "M68K", "MICROBLAZE",
    "MIPS", "NIOS2", "OPENRISC", "PARISC", "PPC", "PPC32", "PPC64", "S390", "SPARC", "SPARC32",
    "SPARC64", "SUPERH", "UML", "X86", "X86_32", "X86_64", "XTENSA", "COMPILE_TEST",
  ]

  private func virtioMem() throws(KconfigError) -> SeriesRow {
    let symbol = "VIRTIO_MEM"
    guard let place = subject.model.place(of: symbol) else {
      if subject.paths.contains(KconfigSubject.virtio), !subject.isFragment {
        return SeriesRow(
          .virtioMem, .notNeeded, by: .structure,
          evidence: "\(KconfigSubject.virtio) has no \(symbol) that could be enabled")
      }
      return SeriesRow(
        .virtioMem, .absent, by: .structure,
        evidence: "there is no \(KconfigSubject.virtio) that says what \(symbol) depends on")
    }
    // The question is whether the architecture is allowed: all else is taken to be so.
    var given: [String: Tristate] = [:]
    for name in subject.model.mentioned(inDependenciesOf: symbol) {
      given[name] = Self.otherArchitectures.contains(name) ? .no : .yes
    }
    given["RISCV"] = .yes
    given["64BIT"] = .yes
    let holds = try subject.evaluator(given: given).dependency(of: symbol) == .yes
    given["RISCV"] = .no
    let isForAll = try subject.evaluator(given: given).dependency(of: symbol) == .yes
    // A patch that shows the entry without naming the architecture says nothing of it.
    let isThere = holds && !(subject.isFragment && isForAll)
    return SeriesRow(
      .virtioMem, isThere ? .present : .absent, by: .structure,
      evidence: isThere
        ? "what \(symbol) depends on can hold for RISCV (\(place))"
        : "what \(symbol) depends on cannot hold for RISCV (\(place))")
  }

  private func daxVmemmap() throws(KconfigError) -> SeriesRow {
    let symbol = "ARCH_WANT_OPTIMIZE_DAX_VMEMMAP"
    let found = try selected(symbol)
    guard found.isKnown else {
      return SeriesRow(
        .daxVmemmap, .notNeeded, by: .structure,
        evidence: "\(KconfigSubject.memory) knows no \(symbol)")
    }
    return SeriesRow(
      .daxVmemmap, found.follows ? .present : .absent, by: .structure, evidence: found.evidence)
  }

  /// Whether generic code asks for the devmap helpers, and whether the architecture says that it has
  /// them.
  public func devmap() throws(KconfigError) -> (isKnown: Bool, follows: Bool, evidence: String) {
    let found = try selected("ARCH_HAS_PTE_DEVMAP")
    return (found.isKnown, found.follows, found.evidence)
  }

  /// Whether ARCH_ENABLE_MEMORY_HOTPLUG follows.
  public func enablesHotplug() throws(KconfigError) -> Bool {
    try selected("ARCH_ENABLE_MEMORY_HOTPLUG").follows
  }
}
