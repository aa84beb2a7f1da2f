// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Testing

@testable import Subjects

@Suite("The evaluation of Kconfig")
struct KconfigTests {
  /// A subject with some complete files of the configuration.
  private func text(_ files: [String: String], kind: String = "tree") -> SubjectText {
    SubjectText(
      kind: kind, origin: "test",
      files: files.sorted { $0.key < $1.key }.map { path, text in
        SourceFile(
          path: path, displayName: path,
          lines: text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            SourceLine(text: String($1), displayName: path, number: $0 + 1, isAdded: true)
          })
      })
  }

  private func value(
    of name: String, in text: String
  ) throws -> KconfigExpression.Value {
    try KconfigText(self.text(["arch/riscv/Kconfig": text])).value(of: name)
  }

  static let expressions: [(String, KconfigExpression.Value)] = [
    ("RISCV", .always), ("X86_64 || ARM64 || RISCV", .always), ("X86_64 || ARM64", .never),
    ("RISCV && BROKEN", .never), ("X86_64 || RISCV64", .never), ("RISCV && NUMA", .free),
    ("!NUMA", .free), ("!RISCV", .never), ("!(X86 || S390)", .always), ("VENDOR_FOO", .unknown),
    ("RISCV || VENDOR_FOO", .always), ("NUMA && VENDOR_FOO", .unknown), ("32BIT", .never),
    ("$(cc-option,-x)", .unknown), ("PGTABLE_LEVELS > 2", .unknown), ("y || n && n", .always),
    ("(y || n) && n", .never), ("m && y", .always), ("\"a\" = \"a\" && n", .never),
    ("COMPILE_TEST", .never),
  ]

  @Test("A dependency can hold, cannot hold, or is unknown", arguments: expressions)
  func value(expression: String, expected: KconfigExpression.Value) throws {
    let text = "config RISCV\n\tdef_bool y\nconfig A\n\tdef_bool \(expression)\n"
    #expect(try value(of: "A", in: text) == expected)
  }

  @Test("A symbol is available through a prompt, a default or a select, within its dependencies")
  func symbols() throws {
    let text = """
      config RISCV
      \tdef_bool y
      \tselect SELECTED
      \tselect NOT_SELECTED if 32BIT
      config SELECTED
      \tbool
      config NOT_SELECTED
      \tbool
      config ASKED
      \tbool "asked"
      \thelp
      \t  config IN_HELP

      if BROKEN
      config INSIDE
      \tbool "inside"
      endif
      menu "m"
      \tdepends on 32BIT
      config IN_MENU
      \tbool "in a menu"
      endmenu
      config TWICE
      \tbool "twice"
      \tdepends on BROKEN
      config TWICE
      \tbool "twice"
      \tdepends on \\
      \t\tASKED
      """
    #expect(try value(of: "SELECTED", in: text) == .always)
    #expect(try value(of: "NOT_SELECTED", in: text) == .never)
    #expect(try value(of: "ASKED", in: text) == .free)
    #expect(try value(of: "IN_HELP", in: text) == .unknown)
    #expect(try value(of: "INSIDE", in: text) == .never)
    #expect(try value(of: "IN_MENU", in: text) == .never)
    #expect(try value(of: "TWICE", in: text) == .free)
  }

  static let refusals: [(String, String)] = [
    ("config\n", "arch/riscv/Kconfig:1: config needs a name"),
    ("config A\n\tbool \"a\n", "arch/riscv/Kconfig:2: this quote is never closed"),
    ("if A\n", "arch/riscv/Kconfig: a block (if, menu, choice) is never closed"),
    ("config A\n\tdepends on (B\n", "arch/riscv/Kconfig:2: this parenthesis is never closed"),
    ("config A\n\tdepends on B &&\n", "arch/riscv/Kconfig:2: an expression is missing"),
    ("config A\n\tdepends on {\n", "arch/riscv/Kconfig:2: \"{\" means nothing here"),
  ]

  @Test("Malformed text is refused in one line with its place", arguments: refusals)
  func refused(text: String, message: String) {
    let error = #expect(throws: Failure.self) { _ = try value(of: "A", in: text) }
    #expect(error?.message == message)
  }

  @Test(
    "A symbol that depends on itself is unknown",
    arguments: [
      "config A\n\tbool\n\tdefault B\nconfig B\n\tbool\n\tdefault A\n",
      "config A\n\tdef_bool A\n",
    ])
  func loops(text: String) throws { #expect(try value(of: "A", in: text) == .unknown) }

  @Test("A loop does not affect a symbol that another term decides")
  func throughLoop() throws {
    let text = """
      config A
      \tdef_bool B
      config B
      \tdef_bool A || C
      config C
      \tdef_bool y
      """
    let configuration = try KconfigText(self.text(["mm/Kconfig": text]))
    #expect(configuration.value(of: "A") == .always)
    #expect(configuration.value(of: "B") == .always)
  }

  @Test("Long chains, deep nesting and endless repetition end soon", .timeLimit(.minutes(1)))
  func bombs() throws {
    let chain = (0..<20_000).map { "config A\($0)\n\tdef_bool A\($0 + 1)\n" }.joined()
    #expect(try value(of: "A0", in: chain) == .unknown)
    let web = (0..<40).map { one in
      "config A\(one)\n\tdef_bool \((0..<40).map { "A\($0)" }.joined(separator: " && "))\n"
    }.joined()
    #expect(try value(of: "A0", in: web) == .unknown)
    let nested = "config A\n\tdef_bool " + String(repeating: "(", count: 100_000)
    #expect(throws: Failure.self) { _ = try value(of: "A", in: nested) }
    let blocks = String(repeating: "if A\n", count: 50_000)
    #expect(throws: Failure.self) { _ = try value(of: "A", in: blocks) }
    let wide = "config A\n\tdef_bool " + String(repeating: "B || ", count: 200_000) + "y\n"
    #expect(try value(of: "A", in: wide) == .always)
  }

  private static let memory =
    "menuconfig MEMORY_HOTPLUG\n\tbool \"h\"\n\tdepends on ARCH_ENABLE_MEMORY_HOTPLUG\n"
    + "config MEMORY_HOTREMOVE\n\tbool \"r\"\n\tdepends on MEMORY_HOTPLUG\n"
    + "config ARCH_ENABLE_MEMORY_HOTPLUG\n\tbool\n"

  /// The status of a row; "unknown" if the subject does not show it.
  private func status(
    _ commit: SeriesCommit, _ files: [String: String], kind: String = "tree"
  ) throws -> String {
    let rows = try KconfigRows(text(files, kind: kind)).rows()
    let row = try #require(rows.first { $0.commit == commit })
    return row.isKnown ? row.status.rawValue : "unknown"
  }

  @Test(
    "Symbols that generic code has dropped are not required, and unknown ones stay unknown")
  func enabling() throws {
    func enabling(_ selects: String, _ memory: String?) throws -> String {
      var files = ["arch/riscv/Kconfig": "config RISCV\n\tdef_bool y\n\(selects)"]
      files["mm/Kconfig"] = memory
      return try status(.enabling, files)
    }
    let add = "\tselect ARCH_ENABLE_MEMORY_HOTPLUG if SPARSEMEM_VMEMMAP\n"
    let remove = "\tselect ARCH_ENABLE_MEMORY_HOTREMOVE if MEMORY_HOTPLUG\n"
    let older = Self.memory + "config ARCH_ENABLE_MEMORY_HOTREMOVE\n\tbool\n"
    #expect(try enabling(add, Self.memory) == "present")
    #expect(try enabling(add, older) == "partial")
    #expect(try enabling(add + remove, older) == "present")
    #expect(try enabling("", older) == "absent")
    #expect(try enabling(add + remove, nil) == "present")
    #expect(
      try enabling(add.replacing("SPARSEMEM_VMEMMAP", with: "NUMA"), Self.memory) == "present")
    #expect(
      try enabling(add.replacing("SPARSEMEM_VMEMMAP", with: "BROKEN"), Self.memory) == "absent")
    #expect(
      try enabling(add.replacing("SPARSEMEM_VMEMMAP", with: "VENDOR"), Self.memory) == "unknown")
    #expect(try status(.enabling, ["mm/Kconfig": Self.memory]) == "unknown")
    #expect(try status(.enabling, ["arch/riscv/Kconfig": "junk\n"]) == "unknown")
  }

  static let dependencies: [(String, String)] = [
    ("X86_64 || ARM64", "absent"), ("X86_64 || ARM64 || RISCV", "present"),
    ("X86_64 || ARM64 || RISCV64", "absent"), ("X86_64 || (RISCV && BROKEN)", "absent"),
    ("(X86_64 || RISCV) && NUMA", "present"), ("RISCV && VENDOR_FOO", "unknown"),
    ("X86_64 || COMPILE_TEST", "absent"), ("!RISCV", "absent"),
  ]

  @Test("The architecture is allowed, not allowed, or unknown", arguments: dependencies)
  func virtio(dependency: String, expected: String) throws {
    let entry =
      "config VIRTIO_MEM\n\ttristate \"v\"\n\tdepends on \(dependency)\n\tdepends on VIRTIO\n"
      + "\tdepends on MEMORY_HOTPLUG\n"
    let files = [
      "arch/riscv/Kconfig": "config RISCV\n\tdef_bool y\n", "drivers/virtio/Kconfig": entry,
    ]
    #expect(try status(.virtioMem, files) == expected)
  }
}
