// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// The text of a kernel's `init.c`, split and edited at run time.
struct KernelText: Sendable {
  /// The text before the hotplug block.
  var before: String
  /// From the line that opens the block's `#ifdef` to the line that closes it.
  var block: String
  /// The text after the hotplug block.
  var after: String

  var whole: String { before + block + after }
  var withoutBlock: String { before + after }

  /// Finds the block that holds the hotplug functions.
  init(_ text: String) throws {
    let opening = try #require(text.firstRange(of: "\n#ifdef CONFIG_MEMORY_HOTPLUG\n"))
    let start = text.index(after: opening.lowerBound)
    let closing = try #require(
      text[start...].firstRange(of: "\n#endif /* CONFIG_MEMORY_HOTPLUG */\n"))
    before = String(text[..<start])
    block = String(text[start..<closing.upperBound])
    after = String(text[closing.upperBound...])
    try #require(block.contains("free_pte_table") && block.contains("vmemmap_free"))
  }

  /// The text of Debian's package with the hotplug code.
  static func latest() async throws -> KernelText {
    try KernelText(try await KernelSource.new.value.text)
  }

  /// The block with each match of `pattern` replaced; there must be `count` matches.
  func replacing<Output>(
    _ pattern: some RegexComponent<Output>, count: Int,
    sourceLocation: SourceLocation = #_sourceLocation,
    with replacement: (Regex<Output>.Match) -> String
  ) throws -> KernelText {
    let matches = block.matches(of: pattern).count
    try #require(matches == count, "\(matches) matches", sourceLocation: sourceLocation)
    var edited = self
    edited.block = block.replacing(pattern) { replacement($0) }
    return edited
  }

  /// Without 21f1b85c8912: the PMD destructor also runs for tables of the vmemmap.
  func lackingDestructorFix() throws -> KernelText {
    try replacing(/if \(!is_vmemmap\)\s+(pagetable_pmd_dtor\()/, count: 1) { "\($0.output.1)" }
  }

  /// Without a0188cc13369: folded levels are indexed.
  func lackingFoldingFix() throws -> KernelText {
    try replacing(
      /pgtable_l[45]_enabled \? (\w+_base) \+ (\w+_index\(addr\)) : \w+_base;/, count: 2
    ) { "\($0.output.1) + \($0.output.2);" }
  }

  /// Without both fixes: the text as it was merged.
  func asMerged() throws -> KernelText { try lackingDestructorFix().lackingFoldingFix() }

  /// Without 6.12's own spellings: no pgmap, and `read` in place of each of the `getters`.
  private func older(getters: Regex<(Substring, Substring)>, count: Int, read: String) throws
    -> KernelText
  {
    try replacing(getters, count: count) { "\(read)(*\($0.output.1))" }
      .replacing(/(struct vmem_altmap \*altmap),\s+struct dev_pagemap \*pgmap\)/, count: 1) {
        "\($0.output.1))"
      }
      .replacing(/(__remove_pages\(.*altmap), pgmap\)/, count: 1) { "\($0.output.1))" }
  }

  /// As a 6.1 kernel spells it: pages for ptdescs, READ_ONCE for getters, no pgmap.
  func spelledAs61() throws -> KernelText {
    try older(getters: /\b(?:pte|pmd|pud|p4d)p_get\((\w+)\)/, count: 4, read: "READ_ONCE")
      .replacing(/\tstruct ptdesc \*ptdesc = page_ptdesc\(page\);\n/, count: 2) { _ in "" }
      .replacing(/pagetable_(pte|pmd)_dtor\(ptdesc\)/, count: 2) {
        "pgtable_\($0.output.1)_page_dtor(page)"
      }
      .replacing(/pagetable_free\(ptdesc\)/, count: 2) { _ in "__free_page(page)" }
  }

  /// As a 6.6 kernel spells it: getters for the lowest two levels alone, no pgmap.
  func spelledAs66() throws -> KernelText {
    try older(getters: /\b(?:pud|p4d)p_get\((\w+)\)/, count: 2, read: "")
  }

  /// As a 7.x kernel spells it: one destructor for every level, blocks freed by their page.
  func spelledAs7() throws -> KernelText {
    try replacing(/pagetable_(?:pte|pmd)_dtor\(/, count: 2) { _ in "pagetable_dtor(" }
      .replacing(/free_pages\(\(unsigned long\)page_address\(page\), (\w+)\)/, count: 2) {
        "__free_pages(page, \($0.output.1))"
      }
  }
}
