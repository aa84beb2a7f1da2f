// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The rows of a series that depend on Kconfig files.
public struct KconfigRows {
  private let text: SubjectText
  private let configuration: KconfigText
  /// The additions of patches to files that they show in part, by path.
  private let added: [String: KconfigReader]

  /// Reads a subject's configuration.
  ///
  /// - Throws: for unreadable text, one line with the place.
  public init(_ text: SubjectText) throws(Failure) {
    self.text = text
    configuration = try KconfigText(text)
    added = Dictionary(
      text.files.filter { KconfigText.isConfiguration($0.path) && $0.isFragment }
        .map { ($0.path, KconfigReader(hunksOf: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The rows of commits f8c2a240556e, 0546d7043e55 and 4705c1571ad3.
  public func rows() -> [SeriesRow] { [enabling(), virtioMem(), daxVmemmap()] }

  /// The state of a symbol that the architecture must select.
  public struct Selected: Sendable {
    public enum Status: Sendable { case follows, missing, notNeeded, unknown }
    public let status: Status
    /// One sentence.
    public let evidence: String
  }

  /// Whether a symbol follows from a `select`, or from its own entry.
  private func selected(_ symbol: String) -> Selected {
    let architecture = KconfigText.architecture
    let isAsked = configuration.whole.contains(KconfigText.memory)
    if isAsked, configuration.definitions(of: symbol).isEmpty {
      return Selected(
        status: .notNeeded, evidence: "\(KconfigText.memory) does not define \(symbol)")
    }
    guard configuration.whole.contains(architecture) else {
      guard text.isFragment || added[architecture] != nil else {
        return Selected(
          status: .unknown,
          evidence: "this subject does not include \(architecture), so it does not show what "
            + "selects \(symbol)")
      }
      return shown(symbol)
    }
    guard !configuration.definitions(of: "RISCV").isEmpty else {
      return Selected(
        status: .unknown,
        evidence: "\(architecture) has no config RISCV: the text does not show what selects "
          + symbol)
    }
    let selects = configuration.selects(of: symbol)
    let values = selects.map { configuration.value(of: $0) }
    if let index = values.firstIndex(where: \.canHold) {
      let by = selects[index].by ?? "RISCV"
      return Selected(
        status: .follows, evidence: "\(by) selects \(symbol) (\(selects[index].place))")
    }
    let value = configuration.value(of: symbol)
    if value.canHold {
      let place = configuration.definitions(of: symbol).first.map { " (\($0.place))" } ?? ""
      return Selected(status: .follows, evidence: "\(symbol) follows\(place)")
    }
    if let index = values.firstIndex(of: .unknown) {
      return Selected(
        status: .unknown,
        evidence: "the text does not show whether \(symbol) is selected (\(selects[index].place))"
          + strangers([selects[index].condition]))
    }
    if let select = selects.first {
      return Selected(
        status: .missing,
        evidence: "\(select.by ?? "RISCV") selects \(symbol) (\(select.place)), but under a "
          + "condition that cannot hold\(strangers([select.condition]))")
    }
    return Selected(
      status: .missing, evidence: "nothing in \(architecture) selects \(symbol)")
  }

  /// The state in patches that show the architecture's file in part, or not at all.
  private func shown(_ symbol: String) -> Selected {
    let architecture = KconfigText.architecture
    let found = added[architecture]?.selects.first { $0.target == symbol }
    guard let found else {
      return Selected(status: .missing, evidence: "the patches add no select of \(symbol)")
    }
    // The entry RISCV is by far the longest, so a patch that shows no entry most likely shows this one.
    let value = configuration.value(of: found.condition)
    guard (found.by ?? "RISCV") == "RISCV", value != .unknown else {
      return Selected(
        status: .unknown,
        evidence: "this part of \(architecture) does not show whether \(symbol) is selected "
          + "(\(found.place))\(strangers([found.condition])); give a base")
    }
    return Selected(
      status: value.canHold ? .follows : .missing,
      evidence: "RISCV selects \(symbol) (\(found.place))"
        + (value.canHold ? "" : ", but under a condition that cannot hold"))
  }

  /// The names that no file defines, as the end of a sentence.
  private func strangers(_ expressions: [KconfigExpression]) -> String {
    let names = configuration.undefined(in: expressions)
    return names.isEmpty ? "" : ": no file here defines \(names.list)"
  }

  private func enabling() -> SeriesRow {
    let parts = ["HOTPLUG", "HOTREMOVE"].map { selected("ARCH_ENABLE_MEMORY_\($0)") }
    let evidence = parts.map(\.evidence).joined(separator: "; ")
    if parts.allSatisfy({ $0.status == .notNeeded }) {
      return SeriesRow(.enabling, unknown: evidence)
    }
    let asked = parts.filter { $0.status != .notNeeded }
    if asked.contains(where: { $0.status == .unknown }) {
      return SeriesRow(.enabling, unknown: evidence)
    }
    guard asked.allSatisfy({ $0.status == .follows }) else {
      let hasPart = asked.contains { $0.status == .follows }
      return SeriesRow(
        .enabling, hasPart ? .partial : .absent, by: .structure, evidence: evidence)
    }
    guard configuration.whole.isSuperset(of: [KconfigText.memory, KconfigText.architecture]) else {
      return SeriesRow(.enabling, .present, by: .structure, evidence: evidence)
    }
    for name in ["MEMORY_HOTPLUG", "MEMORY_HOTREMOVE"] {
      switch configuration.value(of: name) {
      case .always, .free: continue
      case .never:
        return SeriesRow(
          .enabling, .partial, by: .structure,
          evidence: "\(evidence); but \(name) cannot be chosen")
      case .unknown:
        return SeriesRow(
          .enabling,
          unknown: "\(evidence); the text does not show whether \(name) can be chosen")
      }
    }
    return SeriesRow(
      .enabling, .present, by: .structure,
      evidence: "\(evidence); MEMORY_HOTPLUG and MEMORY_HOTREMOVE can be chosen")
  }

  private func virtioMem() -> SeriesRow {
    let (symbol, virtio) = ("VIRTIO_MEM", KconfigText.virtio)
    guard configuration.whole.contains(virtio) else {
      guard text.isFragment || added[virtio] != nil else {
        return SeriesRow(
          .virtioMem,
          unknown: "this subject does not include \(virtio), which has the dependencies of "
            + symbol)
      }
      return shownVirtioMem()
    }
    guard let entry = configuration.definitions(of: symbol).first else {
      return SeriesRow(
        .virtioMem, .notNeeded, by: .structure,
        evidence: "\(virtio) has no \(symbol) that could be enabled")
    }
    let values = configuration.definitions(of: symbol).map { architecture(of: $0.dependencies) }
    if values.contains(where: \.canHold) {
      return SeriesRow(
        .virtioMem, .present, by: .structure,
        evidence: "the dependencies of \(symbol) can be met on RISCV (\(entry.place))")
    }
    guard values.contains(.unknown) else {
      return SeriesRow(
        .virtioMem, .absent, by: .structure,
        evidence: "the dependencies of \(symbol) cannot be met on RISCV (\(entry.place))"
          + strangers(entry.dependencies))
    }
    return SeriesRow(
      .virtioMem,
      unknown:
        "the text does not show whether the dependencies of \(symbol) can be met on RISCV "
        + "(\(entry.place))\(strangers(entry.dependencies))")
  }

  /// The value of dependencies if memory hotplug is enabled; another row checks that.
  private func architecture(of dependencies: [KconfigExpression]) -> KconfigExpression.Value {
    KconfigExpression.Value.all(
      dependencies.map {
        $0.value { name in
          name.hasPrefix("MEMORY_HOT") ? .free : configuration.value(of: name)
        }
      })
  }

  private func shownVirtioMem() -> SeriesRow {
    let (symbol, virtio) = ("VIRTIO_MEM", KconfigText.virtio)
    let lines = (added[virtio]?.dependencies ?? []).filter {
      $0.expression.names.contains { $0.hasPrefix("RISCV") }
    }
    guard
      let line = lines.first(where: { $0.entry == symbol })
        ?? lines.first(where: { $0.entry == nil })
    else {
      return SeriesRow(
        .virtioMem, .absent, by: .structure,
        evidence: "the patches add no RISCV to the dependencies of \(symbol)")
    }
    let value = configuration.value(of: line.expression)
    guard line.entry == symbol, value != .unknown else {
      return SeriesRow(
        .virtioMem,
        unknown: "the patches show the dependencies of \(symbol) only in part (\(line.place)); "
          + "give a base")
    }
    return SeriesRow(
      .virtioMem, value.canHold ? .present : .absent, by: .structure,
      evidence: "the dependencies of \(symbol) \(value.canHold ? "can" : "cannot") be met on RISCV "
        + "(\(line.place))")
  }

  private func daxVmemmap() -> SeriesRow {
    let found = selected("ARCH_WANT_OPTIMIZE_DAX_VMEMMAP")
    switch found.status {
    case .unknown: return SeriesRow(.daxVmemmap, unknown: found.evidence)
    case .follows, .missing, .notNeeded:
      let status: SeriesStatus =
        found.status == .follows ? .present : found.status == .missing ? .absent : .notNeeded
      return SeriesRow(.daxVmemmap, status, by: .structure, evidence: found.evidence)
    }
  }

  /// Whether generic code needs the devmap helpers, and whether the architecture declares them.
  public func devmap() -> Selected { selected("ARCH_HAS_PTE_DEVMAP") }
}
