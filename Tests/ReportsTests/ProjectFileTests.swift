// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Reports

@Suite("The file of options in a kernel's folder")
struct ProjectFileTests {
  @Test("sets symbols, modes and the file of expectations beside it")
  func members() throws {
    let file = try ProjectFile(
      path: "/src/linux/.mhpcheck.yaml",
      text: """
        define: [CONFIG_FOO, "CONFIG_BAR=2"]
        undefine: CONFIG_BAZ
        mode: [sv39, sv48]
        expect: ci/known.yaml
        """)
    #expect(file.defines == ["CONFIG_FOO", "CONFIG_BAR=2"] && file.undefines == ["CONFIG_BAZ"])
    #expect(file.modes.map(\.name) == ["sv39", "sv48"])
    #expect(file.expect == "/src/linux/ci/known.yaml")
    #expect(
      file.sentence == "/src/linux/.mhpcheck.yaml sets -D CONFIG_FOO -D CONFIG_BAR=2 -U CONFIG_BAZ "
        + "--mode sv39 sv48 --expect /src/linux/ci/known.yaml")
    #expect(try ProjectFile(path: "/a/.mhpcheck.yaml", text: "").sentence.hasSuffix("sets nothing"))
  }

  @Test(
    "is refused with the line of the error",
    arguments: [
      ("define: CONFIG_A\nmodes: sv39", "f:2: there is no member modes here"),
      ("define: [\"-include /etc/passwd\"]", "f:1: -include /etc/passwd defines nothing"),
      ("undefine: [a b]", "f:1: a b names nothing"), ("mode: sv32", "f:1: sv32 is no paging mode"),
      ("define: {a: b}", "f:1: define is a text"), ("- a", "f:1: it has the members define"),
      ("define: [[a]]", "f:1: define is a list of texts"),
      ("define: [&a x]", "f:1: too many lists"),
      ("\tdefine: x", "f:1: "),
    ] as [(String, String)])
  func refused(text: String, words: String) throws {
    let failure = #expect(throws: Failure.self) { try ProjectFile(path: "f", text: text) }
    #expect(failure?.text.hasPrefix(words) == true, "\(failure?.text ?? "")")
  }

  @Test("is found upwards from a file or a folder, but not for other subjects")
  func found() throws {
    let folder = try PrivateFolder()
    let subject = try folder.write("linux/arch/riscv/mm/init.c", "int x;\n")
    #expect(try ProjectFile.find(for: subject) == nil)
    let above = try folder.write(".mhpcheck.yaml", "mode: sv39\n")
    #expect(try ProjectFile.find(for: subject)?.path == above)
    let near = try folder.write("linux/.mhpcheck.yaml", "mode: sv48\n")
    #expect(try ProjectFile.find(for: subject)?.path == near)
    #expect(try ProjectFile.find(for: folder.file("linux"))?.modes.map(\.name) == ["sv48"])
    for none in ["builtin", "git:\(folder.path)@HEAD", "-", folder.file("none")] {
      #expect(try ProjectFile.find(for: none) == nil, "\(none)")
    }
  }
}
