// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Extraction {
  /// The era of the text, according to the names that its functions use. A reference of the same era judges
  /// the text, so a text that names a function but behaves otherwise differs from it.
  public var era: KernelOptions {
    var era: KernelOptions = []
    // Kernels since 6.16 also run constructors for PUD and P4D tables, and name them where they allocate the
    // table.
    if names(in: .allocPudLate).contains("pagetable_pud_ctor") { era.insert(.pudConstructor) }
    if names(in: .allocP4dLate).contains("pagetable_p4d_ctor") { era.insert(.p4dConstructor) }
    let populate = names(in: .vmemmapPopulate)
    if populate.contains("vmemmap_populate_basepages"),
      !populate.contains("vmemmap_populate_hugepages")
    {
      era.insert(.memmapByPages)
    }
    // The one occurrence is the parameter. A text whose memmap has leaves must pass the altmap on.
    if era.contains(.memmapByPages), populate.count(where: { $0 == "altmap" }) == 1 {
      era.insert(.memmapWithoutAltmap)
    }
    // A text that also tests whether the entry is present has a different fix.
    let hook = names(in: .vmemmapCheckPmd)
    if hook.contains("pmd_leaf"), !hook.contains("pmd_present") { era.insert(.populatedIsLeaf) }
    if hasPlainTables { era.insert(.plainTables) }
    return era
  }

  /// The functions that show whether PTE and PMD tables have constructors and destructors.
  private static let creators: [KernelFunction] = [.allocPteLate, .allocPmdLate]
  private static let removers: [KernelFunction] = [.freePteTable, .freePmdTable]

  /// Whether the text has both sides, and neither they nor their helpers name a constructor or destructor of
  /// PTE or PMD tables.
  private var hasPlainTables: Bool {
    (Self.creators + Self.removers).allSatisfy { functions[$0] != nil } && !constructs(in: unit)
  }

  /// Whether the text removes tables without a destructor and does not show how it creates them.
  public var hidesConstructors: Bool {
    Self.removers.allSatisfy { functions[$0] != nil }
      && Self.creators.contains { functions[$0] == nil } && !constructs(in: unit)
  }

  /// Whether a text names a constructor or destructor of PTE tables, PMD tables, or tables of any level.
  private func constructs(in text: String) -> Bool {
    let bytes = Array(text.utf8)
    func names(_ word: some StringProtocol) -> Bool {
      (word.contains("ctor") || word.contains("dtor"))
        && !word.contains("_pud_") && !word.contains("_p4d_")
    }
    // The tokens do not include the body of a macro.
    return text.split(separator: "\n").contains { $0.hasPrefix("#define") && names($0) }
      || FunctionTokens(bytes, 0..<bytes.count).tokens.contains {
        $0.kind == .word && names($0.text)
      }
  }

  /// The names in a function's text, with repetitions; empty if the text has no such function.
  private func names(in function: KernelFunction) -> [String] {
    let bytes = Array(unit.utf8)
    return spans.filter { $0.name == function.name }
      .flatMap { FunctionTokens(bytes, $0.unitRange).tokens }
      .filter { $0.kind == .word }.map(\.text)
  }
}
