// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Extraction {
  /// What the text shows of its era, by the names that its functions use: what they do is held against
  /// a reference of the same era, so that a text which names something and does something else differs.
  public var era: KernelOptions {
    var era: KernelOptions = []
    // Kernels from 6.16 on run constructors for tables of PUDs and P4Ds, too, and name them where they
    // allocate the table.
    if names(in: .allocPudLate).contains("pagetable_pud_ctor") { era.insert(.pudConstructor) }
    if names(in: .allocP4dLate).contains("pagetable_p4d_ctor") { era.insert(.p4dConstructor) }
    let populate = names(in: .vmemmapPopulate)
    if populate.contains("vmemmap_populate_basepages"),
      !populate.contains("vmemmap_populate_hugepages")
    {
      era.insert(.memmapByPages)
    }
    // Once is the parameter. Where the memmap has leaves the altmap is handed on: not to do so is a slip.
    if era.contains(.memmapByPages), populate.count(where: { $0 == "altmap" }) == 1 {
      era.insert(.memmapWithoutAltmap)
    }
    // One that asks whether the entry is present, too, is a mend of its own.
    let hook = names(in: .vmemmapCheckPmd)
    if hook.contains("pmd_leaf"), !hook.contains("pmd_present") { era.insert(.populatedIsLeaf) }
    if hasPlainTables { era.insert(.plainTables) }
    return era
  }

  /// The functions that show whether tables of PTEs and PMDs are constructed, on either side.
  private static let creators: [KernelFunction] = [.allocPteLate, .allocPmdLate]
  private static let removers: [KernelFunction] = [.freePteTable, .freePmdTable]

  /// Whether the text brings both sides, and neither a constructor nor a destructor of tables of PTEs
  /// or PMDs, helpers of its own included.
  private var hasPlainTables: Bool {
    (Self.creators + Self.removers).allSatisfy { functions[$0] != nil } && !constructs(in: unit)
  }

  /// Whether the text removes tables without a destructor and does not show how they are made.
  public var hidesConstructors: Bool {
    Self.removers.allSatisfy { functions[$0] != nil }
      && Self.creators.contains { functions[$0] == nil } && !constructs(in: unit)
  }

  /// Whether a text names a constructor or a destructor of tables of PTEs, PMDs, or any level.
  private func constructs(in text: String) -> Bool {
    let bytes = Array(text.utf8)
    func names(_ word: some StringProtocol) -> Bool {
      (word.contains("ctor") || word.contains("dtor"))
        && !word.contains("_pud_") && !word.contains("_p4d_")
    }
    // What a macro stands for is no token.
    return text.split(separator: "\n").contains { $0.hasPrefix("#define") && names($0) }
      || FunctionTokens(bytes, 0..<bytes.count).tokens.contains {
        $0.kind == .word && names($0.text)
      }
  }

  /// The names in a function's text, each as often as it stands there; none where it has no such
  /// function.
  private func names(in function: KernelFunction) -> [String] {
    let bytes = Array(unit.utf8)
    return spans.filter { $0.name == function.name }
      .flatMap { FunctionTokens(bytes, $0.unitRange).tokens }
      .filter { $0.kind == .word }.map(\.text)
  }
}
