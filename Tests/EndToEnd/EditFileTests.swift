// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("Edit files")
struct EditFileTests {
  private static let names = EditFile.Kind.allCases.flatMap { kind in
    VariantFiles.names(kind).map { (kind, $0) }
  }

  @Test("Every edit file can be read and applies to the reference", arguments: names)
  func applies(kind: EditFile.Kind, name: String) throws {
    let reference = try VariantFiles.reference()
    let edit = try VariantFiles.read(kind, name: name)
    let text = try edit.applied(to: reference)
    #expect(text != reference)
    if edit.hasCRLF {
      let bytes = Array(text.utf8)
      let feeds = bytes.indices.filter { bytes[$0] == 10 }
      #expect(feeds.allSatisfy { $0 > 0 && bytes[$0 - 1] == 13 })
    }
  }

  @Test("The name of each wrong variant begins with its first class")
  func wrongNames() {
    for edit in VariantFiles.all(.wrong) {
      #expect(edit.name.split(separator: "-").first.flatMap { Int($0) } == edit.classes.first)
    }
  }

  @Test("Wrong variants cover every class that concerns the surface, and every function")
  func wrongCoverage() {
    let wrong = VariantFiles.all(.wrong)
    #expect(wrong.count >= 100)
    #expect(Set(wrong.flatMap(\.classes)) == EditFile.knownClasses)
    // The generic code belongs to the tree, not to the reference.
    let own = Set(KernelFunction.allCases.filter { !$0.isOfGenericCode })
    #expect(Set(wrong.flatMap(\.functions)) == own)
  }

  @Test("There are enough faithful variants, and spellings that need every rule")
  func otherCoverage() {
    #expect(VariantFiles.all(.faithful).count >= 25)
    #expect(Set(VariantFiles.all(.spellings).flatMap(\.rules)) == EditFile.knownRules)
  }

  @Test("No two variants have the same text")
  func distinct() throws {
    let reference = try VariantFiles.reference()
    var seen: [String: String] = [:]
    for edit in EditFile.Kind.allCases.flatMap(VariantFiles.all) {
      let text = try edit.applied(to: reference)
      #expect(seen[text] == nil, "\(edit.testDescription) repeats \(seen[text] ?? "")")
      seen[text] = edit.testDescription
    }
  }
}

@Suite("Wrong edit files")
struct EditFileRefusalTests {
  private static let header = "# A slip.\nclass: 24\nfunction: free_pte_table\nmodes: sv39\n"
  private static let block = "<<<<<<<\nb\n=======\nx\n>>>>>>>\n"

  private func edit(_ text: String) throws(EditError) -> EditFile {
    try EditFile(kind: .wrong, name: "n", text: text)
  }

  @Test("The error for a text that is missing or occurs twice names the file and the block")
  func occurrences() throws {
    let edit = try edit(Self.header + "<<<<<<<\na\n=======\nx\n>>>>>>>\n" + Self.block)
    #expect(
      throws: EditError(
        file: "wrong/n", complaint: "block 2: its text stands 0 times in the reference")
    ) { try edit.applied(to: "a\nc\n") }
    #expect(
      throws: EditError(
        file: "wrong/n", complaint: "block 2: its text stands 2 times in the reference")
    ) { try edit.applied(to: "a\nb\nb\n") }
  }

  @Test("A text in the middle of a line does not match")
  func wholeLines() throws {
    let edit = try edit(Self.header + Self.block)
    #expect(try edit.applied(to: "ab\nb\n") == "ab\nx\n")
    #expect(throws: EditError.self) { try edit.applied(to: "ab\n") }
  }

  @Test("Overlapping blocks are refused")
  func overlap() throws {
    let edit = try edit(Self.header + Self.block + "<<<<<<<\na\nb\n=======\n>>>>>>>\n")
    #expect(throws: EditError(file: "wrong/n", complaint: "block 2: overlaps block 1")) {
      try edit.applied(to: "a\nb\n")
    }
  }

  /// Bad texts, and the error of each.
  private static let refusals: [(text: String, complaint: String)] = [
    ("class: 24\n" + block, "no comment says what it does"),
    ("# A slip.\n" + block, "class and modes belong to wrong variants, and only to them"),
    ("# A slip.\nclass: x\n" + block, "there is no class \"x\""),
    ("# A slip.\nfunction: main\n" + block, "there is no function \"main\""),
    ("# A slip.\nmodes: sv32\n" + block, "there is no mode \"sv32\""),
    ("# A slip.\ncolour: red\n" + block, "\"colour: red\" is no header line"),
    (
      "# A slip.\nclass: 50\nfunction: vmemmap_free\nmodes: sv39\n" + block,
      "a class is not among those that concern the surface"
    ),
    (header, "no block"),
    (header + "<<<<<<<\nb\n", "block 1: not closed"),
    (header + "<<<<<<<\nb\n=======\n<<<<<<<\n>>>>>>>\n", "block 1: not closed"),
    (header + "<<<<<<<\n=======\nx\n>>>>>>>\n", "block 1: nothing to find"),
    (header + "<<<<<<<\nb\n=======\nb\n>>>>>>>\n", "block 1: changes nothing"),
    (header + block + "b\n", "block 2: \"b\" stands outside of a block"),
    (header + block + "b", "does not end with a newline"),
  ]

  @Test("A bad header or block is refused with the reason", arguments: refusals)
  func refusal(text: String, complaint: String) {
    #expect(throws: EditError(file: "wrong/n", complaint: complaint)) { try edit(text) }
  }
}
