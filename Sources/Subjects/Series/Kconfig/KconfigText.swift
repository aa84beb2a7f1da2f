// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The facts about a 64-bit RISC-V kernel in the Kconfig files of a subject. It evaluates no configuration: a
/// symbol can hold, cannot hold, or the text does not decide it.
final class KconfigText {
  typealias Value = KconfigExpression.Value

  static let architecture = "arch/riscv/Kconfig"
  static let memory = "mm/Kconfig"
  static let virtio = "drivers/virtio/Kconfig"

  /// The paths of the files that are known whole.
  let whole: Set<String>
  private var entries: [String: [KconfigEntry]] = [:]
  private var selects: [String: [KconfigSelect]] = [:]
  private var values: [String: Value] = [:]
  /// The symbols under evaluation, the outermost first.
  private var underWay: [String] = []
  /// Whether the evaluation met one of them again. Results on the way are then incomplete.
  private var metAgain = false
  /// The number of evaluations.
  private var steps = 0

  /// The facts about any 64-bit RISC-V kernel, whatever the files contain.
  private static let facts: [String: Value] = {
    let never = [
      "32BIT", "BROKEN", "COMPILE_TEST", "ALPHA", "ARC", "ARM", "ARM64", "CSKY", "HEXAGON", "IA64",
      "LOONGARCH", "M68K", "MICROBLAZE", "MIPS", "NIOS2", "OPENRISC", "PARISC", "PPC", "PPC32",
      "PPC64", "S390", "SPARC", "SPARC32", "SPARC64", "SUPERH", "UML", "X86", "X86_32", "X86_64",
      "XTENSA",
    ]
    return Dictionary(
      uniqueKeysWithValues: never.map { ($0, Value.never) }
        + ["RISCV", "64BIT", "MMU"].map { ($0, Value.always) })
  }()

  /// Symbols that other files of every kernel define, and that a user can enable on RISC-V.
  private static let elsewhere: Set<String> = [
    "ACPI", "CMA", "COMPACTION", "CONTIG_ALLOC", "EFI", "EXCLUSIVE_SYSTEM_RAM", "FPU", "HAS_DMA",
    "HAS_IOMEM", "HUGETLB_PAGE", "KASAN", "MEMORY_HOTPLUG", "MEMORY_HOTREMOVE", "MIGRATION",
    "MODULES", "NUMA", "OF", "PCI", "SMP", "SPARSEMEM", "SPARSEMEM_VMEMMAP", "STRICT_KERNEL_RWX",
    "TRANSPARENT_HUGEPAGE", "VIRTIO", "ZONE_DEVICE",
  ]

  /// Limits for hostile files, far above the needs of any kernel.
  private static let depthLimit = 100
  private static let stepLimit = 100_000

  /// Reads the files that the subject contains whole.
  ///
  /// - Throws: for unreadable text, one line with the place.
  init(_ text: SubjectText) throws(Failure) {
    let files = text.files.filter { Self.isConfiguration($0.path) && !$0.isFragment }
    whole = Set(files.map(\.path))
    for file in files {
      let reader = try KconfigReader(file)
      for entry in reader.entries { entries[entry.name, default: []].append(entry) }
      for select in reader.selects { selects[select.target, default: []].append(select) }
    }
  }

  static func isConfiguration(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix("Kconfig") ?? false
  }

  /// The entries that define a symbol.
  func definitions(of name: String) -> [KconfigEntry] { entries[name] ?? [] }

  /// The lines that select a symbol.
  func selects(of name: String) -> [KconfigSelect] { selects[name] ?? [] }

  func value(of name: String) -> Value {
    if let known = Self.facts[name] ?? values[name] { return known }
    let defined = definitions(of: name)
    guard !defined.isEmpty else {
      if Self.elsewhere.contains(name) { return .free }
      // Only the architecture's own files define its own symbols.
      return name.hasPrefix("RISCV") && whole.contains(Self.architecture) ? .never : .unknown
    }
    if underWay.contains(name) { metAgain = true }
    steps += 1
    guard !underWay.contains(name), underWay.count < Self.depthLimit, steps < Self.stepLimit else {
      return .unknown
    }
    underWay.append(name)
    let own = defined.map { entry in
      let prompted = entry.prompts.map { Value.all([value(of: $0), .free]) }
      let given = Value.any(prompted + entry.defaults.map { value(of: $0) })
      return Value.all([given] + entry.dependencies.map { value(of: $0) })
    }
    var found = Value.any(own + selects(of: name).map { value(of: $0) })
    // Its definition may depend on files that are not read.
    if found == .unknown, Self.elsewhere.contains(name) { found = .free }
    underWay.removeLast()
    if underWay.isEmpty { metAgain = false }
    if !metAgain { values[name] = found }
    return found
  }

  func value(of expression: KconfigExpression) -> Value { expression.value(value(of:)) }

  /// Whether a `select` takes effect.
  func value(of select: KconfigSelect) -> Value {
    Value.all([select.by.map(value(of:)) ?? .unknown, value(of: select.condition)])
  }

  /// The names in some expressions that neither the known files nor the tables above define.
  func undefined(in expressions: [KconfigExpression]) -> [String] {
    expressions.reduce(into: Set<String>()) { $0.formUnion($1.names) }
      .filter {
        Self.facts[$0] == nil && !Self.elsewhere.contains($0) && definitions(of: $0).isEmpty
      }.sorted()
  }
}
