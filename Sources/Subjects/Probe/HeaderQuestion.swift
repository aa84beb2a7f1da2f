// SPDX-License-Identifier: GPL-2.0-only

/// A question to which the tree's own definition of a name and that of the stub headers must give the same
/// answer.
///
/// It is a C expression in the words `w` and `v`.
public struct HeaderQuestion: Sendable, Hashable {
  /// The kind of a word in a question.
  public enum Argument: Int, CaseIterable, Sendable {
    /// One word, which the expression ignores.
    case nothing
    /// An entry: empty, a table's, leaves of all kinds, and some that are not present.
    case entry
    /// A virtual address.
    case address
    /// A distance in the linear map, in bytes.
    case distance
    /// A PFN.
    case frame
  }

  /// The name in question.
  public let name: String
  /// The kind of `w`.
  public let first: Argument
  /// The kind of `v`.
  public let second: Argument
  let expression: String

  init(
    _ name: String, _ first: Argument = .nothing, _ second: Argument = .nothing,
    is expression: String
  ) {
    self.name = name
    self.first = first
    self.second = second
    self.expression = expression
  }

  /// The questions about every name of the architecture's headers, and of `linux/pgtable.h`, whose meaning
  /// the functions of the surface depend on.
  public static let all = constants + tests + conversions + walks + stores

  private static let levels = ["pte", "pmd", "pud", "p4d", "pgd"]

  private static let constants: [HeaderQuestion] =
    ["PMD", "PUD", "P4D", "PGDIR"].flatMap { level in
      ["SHIFT", "SIZE", "MASK"].map { "\(level)_\($0)" }
    }.map { HeaderQuestion($0, is: $0) }
    + levels.map { "PTRS_PER_\($0.uppercased())" }.map { HeaderQuestion($0, is: $0) }
    + [
      "PAGE_OFFSET", "KERN_VIRT_SIZE", "VMALLOC_START", "VMALLOC_END", "VMEMMAP_START",
      "VMEMMAP_END",
      "KASAN_SHADOW_START", "vmemmap", "_PAGE_LEAF", "_PAGE_PFN_SHIFT",
    ].map { HeaderQuestion($0, is: $0) }
    + ["PAGE_KERNEL", "PAGE_KERNEL_EXEC", "PAGE_KERNEL_READ", "PAGE_TABLE"].map {
      HeaderQuestion($0, is: "pgprot_val(\($0))")
    }

  private static let tests: [HeaderQuestion] =
    levels.flatMap { level in
      ["none", "present"].map { "\(level)_\($0)" }.map {
        HeaderQuestion($0, .entry, is: "!!\($0)(__\(level)(w))")
      }
    }
    + levels.dropFirst().map { level in
      HeaderQuestion("\(level)_leaf", .entry, is: "!!\(level)_leaf(__\(level)(w))")
    }

  private static let conversions: [HeaderQuestion] =
    levels.map { HeaderQuestion("\($0)_page", .entry, is: "\($0)_page(__\($0)(w))") }
    + [
      ("pte", "pte_pfn"), ("pmd", "_pmd_pfn"), ("pud", "_pud_pfn"), ("p4d", "_p4d_pfn"),
      ("pmd", "pmd_pfn"), ("pud", "pud_pfn"), ("pmd", "pmd_page_vaddr"), ("pud", "pud_pgtable"),
      ("p4d", "p4d_pgtable"), ("pgd", "pgd_pgtable"), ("p4d", "p4d_page_vaddr"),
      ("pgd", "pgd_page_vaddr"),
    ].map { level, name in HeaderQuestion(name, .entry, is: "\(name)(__\(level)(w))") }
    + levels.map { level in
      HeaderQuestion(
        "pfn_\(level)", .frame, .entry, is: "\(level)_val(pfn_\(level)(w, __pgprot(v & 0x3ff)))")
    }
    + [
      HeaderQuestion("__page_val_to_pfn", .entry, is: "__page_val_to_pfn(w)"),
      HeaderQuestion("__pa", .distance, is: "__pa(kernel_map.page_offset + w)"),
      HeaderQuestion("__pa", .distance, is: "__pa(kernel_map.virt_addr + (w & 0x1fffff))"),
      HeaderQuestion("__va", .distance, is: "__va(w + 0x80000000UL)"),
      HeaderQuestion("pfn_to_virt", .frame, is: "pfn_to_virt(w)"),
      HeaderQuestion("pfn_to_kaddr", .frame, is: "pfn_to_kaddr(w)"),
      HeaderQuestion("virt_to_pfn", .distance, is: "virt_to_pfn(kernel_map.page_offset + w)"),
      HeaderQuestion("page_to_phys", .frame, is: "page_to_phys(pfn_to_page(w))"),
      HeaderQuestion("phys_to_page", .frame, is: "phys_to_page(PFN_PHYS(w))"),
    ]

  private static let walks: [HeaderQuestion] =
    levels.map { HeaderQuestion("\($0)_index", .address, is: "\($0)_index(w)") }
    + levels.dropFirst().map {
      HeaderQuestion("\($0)_addr_end", .address, .address, is: "\($0)_addr_end(w, v)")
    }
    + zip(["pmd", "pud", "p4d"], ["pud", "p4d", "pgd"]).map { level, above in
      HeaderQuestion(
        "\(level)_offset", .entry, .address,
        is: "MHP_WITH(\(above)_t, w, \(level)_offset(mhp_entry, v))")
    }
    + [
      HeaderQuestion(
        "pte_offset_kernel", .entry, .address,
        is: "MHP_WITH(pmd_t, w, pte_offset_kernel(mhp_entry, v))"),
      HeaderQuestion("pgd_offset_k", .address, is: "pgd_offset_k(w)"),
    ]

  private static let stores: [HeaderQuestion] =
    ["pmd", "pud", "p4d", "pgd"].map { level in
      HeaderQuestion(
        "\(level)_clear", .entry, is: "MHP_AFTER(\(level)_t, w, \(level)_clear(mhp_entry))")
    }
    + levels.map { level in
      HeaderQuestion(
        "set_\(level)", .entry, .entry,
        is: "MHP_AFTER(\(level)_t, w, set_\(level)(mhp_entry, __\(level)(v)))")
    }
    + [
      HeaderQuestion(
        "pte_clear", .entry, is: "MHP_AFTER(pte_t, w, pte_clear(&init_mm, 0, mhp_entry))"),
      HeaderQuestion(
        "pmd_set_huge", .entry, .frame,
        is: "MHP_AFTER(pmd_t, w, pmd_set_huge(mhp_entry, PFN_PHYS(v), PAGE_KERNEL))"),
      HeaderQuestion("pmd_init", .entry, is: "MHP_AFTER(pmd_t, w, pmd_init(mhp_entry))"),
      HeaderQuestion("pud_init", .entry, is: "MHP_AFTER(pud_t, w, pud_init(mhp_entry))"),
    ]
}

extension HeaderQuestion.Argument {
  /// The words to try for this kind.
  public var words: [UInt64] {
    switch self {
    case .nothing: [0]
    case .entry: Self.flags.flatMap { flags in Self.frames.map { $0 << 10 | flags } }
    case .address: Self.addresses
    case .distance:
      [0, 0x1000, 0x1f_ffff, 0x20_0000, 0x4000_0000, 0x8000_0000, 0x1_0000_0000, 0x8_0000_0000]
    case .frame: Self.frames
    }
  }

  /// Empty; a table's; leaves with each permission by itself and together; a huge leaf during a split; one
  /// without access; software bits.
  private static let flags: [UInt64] = [
    0x00, 0x01, 0x03, 0x09, 0x0b, 0x0f, 0xe7, 0xef, 0xc7, 0x21, 0x20, 0x22, 0xe6, 0x0e, 0x04, 0x10,
    0x1e7, 0x2e7,
  ]
  private static let frames: [UInt64] = [
    0, 1, 0x8_0000, 0x8_0200, 0x8_0201, 0x10_0000, 0x1000_0000, 0x0fff_ffff_ffff,
  ]
  /// The kernel's half in each mode, the boundaries of levels, and both ends of the address space.
  private static let addresses: [UInt64] = [
    0, 0x1000, 0x1f_f000, 0x20_0000, 0x3fff_f000, 0x4000_0000, 0x7f_ffff_f000, 0x80_0000_0000,
    0xffff_ffd6_0000_0000, 0xffff_ffd6_0020_1000, 0xffff_ffc5_0000_0000, 0xffff_ffff_8000_0000,
    0xffff_af80_0000_0000, 0xffff_af80_4020_3000, 0xffff_8d80_0000_0000,
    0xff60_0000_0000_0000, 0xff60_8040_2010_1000, 0xff1c_0000_0000_0000,
    0xffff_ffff_ffe0_0000, 0xffff_ffff_ffff_f000, 0xffff_ffff_ffff_ffff,
  ]
}
