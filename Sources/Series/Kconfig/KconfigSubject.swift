// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The configuration of a subject: what its files define, with what the rest of a kernel has to say put in.
struct KconfigSubject {
  static let architecture = "arch/riscv/Kconfig"
  static let memory = "mm/Kconfig"
  static let virtio = "drivers/virtio/Kconfig"

  let model: KconfigModel
  /// Whether the subject shows parts of the files only.
  let isFragment: Bool
  /// The files of the configuration that the subject has.
  let paths: Set<String>

  /// What a user of a 64-bit kernel asks for who wants memory hotplug.
  static let wishes: [String: Tristate] = Dictionary(
    uniqueKeysWithValues: [
      "MODULES", "ARCH_RV64I", "MMU", "SPARSEMEM_MANUAL", "SPARSEMEM_VMEMMAP", "MEMORY_HOTPLUG",
      "MEMORY_HOTREMOVE", "COMPACTION", "MIGRATION", "ZONE_DEVICE",
    ].map { ($0, Tristate.yes) })

  /// - Throws: for files that are no configuration, and for those that never end.
  init(_ text: SubjectText) throws(KconfigError) {
    let files = text.files.filter { Self.isConfiguration($0.path) }
    let isFragment = text.isFragment
    self.isFragment = isFragment
    let paths = Set(files.map(\.path))
    self.paths = paths
    let roots = [Self.architecture, Self.memory, Self.virtio]
    let read = isFragment ? files.map(Self.opened) : files
    let known = try KconfigReader.model(of: roots, in: read, isLenient: isFragment)
    let rest = Self.rest.filter {
      !known.defines($0.name) && (isFragment || !paths.contains($0.home))
    }
    let other = Self.file("Kconfig", rest.flatMap(\.lines))
    model = try KconfigReader.model(
      of: [other.path] + roots, in: [other] + read, isLenient: isFragment)
  }

  private static func isConfiguration(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix("Kconfig") ?? false
  }

  /// A symbol of the rest of the kernel, as far as it matters here; `home` is the file that has it in a
  /// kernel, which is believed when it is there.
  private struct Rest {
    let name: String
    let home: String
    let attributes: [String]

    var lines: [String] { ["config \(name)"] + attributes.map { "\t\($0)" } }
  }

  private static let rest: [Rest] =
    [
      "MODULES": "", "HAS_IOMEM": "", "HAS_DMA": "", "EXCLUSIVE_SYSTEM_RAM": "",
      "RISCV": architecture, "64BIT": architecture, "MMU": architecture,
      "SPARSEMEM": memory, "SPARSEMEM_VMEMMAP": memory, "COMPACTION": memory, "MIGRATION": memory,
    ].sorted { $0.key < $1.key }.map {
      Rest(name: $0.key, home: $0.value, attributes: ["def_bool y"])
    }
    + [
      "ARCH_ENABLE_MEMORY_HOTPLUG", "ARCH_ENABLE_MEMORY_HOTREMOVE",
      "ARCH_WANT_OPTIMIZE_DAX_VMEMMAP",
      "ARCH_HAS_PTE_DEVMAP",
    ].map { Rest(name: $0, home: memory, attributes: ["bool"]) }
    + [
      Rest(
        name: "MEMORY_HOTPLUG", home: memory,
        attributes: ["bool \"hotplug\"", "depends on SPARSEMEM && ARCH_ENABLE_MEMORY_HOTPLUG"]),
      Rest(
        name: "MEMORY_HOTREMOVE", home: memory,
        attributes: [
          "bool \"hotremove\"", "depends on MEMORY_HOTPLUG && ARCH_ENABLE_MEMORY_HOTREMOVE",
        ]),
    ]

  private static func file(_ path: String, _ lines: [String]) -> SourceFile {
    SourceFile(
      path: path, displayName: "the rest of the kernel",
      lines: lines.enumerated().map {
        SourceLine(
          text: $1, displayName: "the rest of the kernel", number: $0 + 1, isAdded: false)
      })
  }

  /// What a patch shows of the architecture's file is, where it shows no entry, of the entry of the
  /// architecture itself: that is by far the longest.
  private static func opened(_ file: SourceFile) -> SourceFile {
    guard file.path == architecture else { return file }
    var lines: [SourceLine] = []
    var before: SourceLine?
    for line in file.lines {
      let isNewHunk =
        before.map { $0.isAdded == line.isAdded && line.number != $0.number + 1 } ?? true
      if isNewHunk {
        lines += ["config RISCV", "\tdef_bool y"].map {
          SourceLine(
            text: $0, displayName: line.displayName, number: line.number, isAdded: false)
        }
      }
      lines.append(line)
      before = line
    }
    return SourceFile(path: file.path, displayName: file.displayName, lines: lines)
  }

  /// The places where the architecture selects a symbol; of a patch, those that it adds.
  func selects(of symbol: String) -> [KconfigPlace] {
    model.selects(of: symbol, by: "RISCV").filter { !isFragment || $0.isAdded }
  }

  /// Values when the user asks for memory hotplug.
  func evaluator(given: [String: Tristate] = [:]) -> KconfigEvaluator {
    KconfigEvaluator(model, wishes: Self.wishes, given: given)
  }
}
