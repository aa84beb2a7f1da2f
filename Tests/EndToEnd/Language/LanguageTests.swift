// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Reports

@Suite("In Chinese", .timeLimit(.minutes(10)))
struct LanguageTests {
  private static func isChinese(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.contains { (0x4e00...0x9fff).contains($0.value) }
  }

  @Test("a check prints verdict, causes and rules; kernel terms and JSON stay English")
  func check() async throws {
    let folder = try PrivateFolder()
    let slip = Slip("free_pmd_table", "if (!is_vmemmap)", "if (is_vmemmap)")
    let file = try folder.write("init.c", try slip.applied(to: VariantFiles.reference()))
    // Two reports are compared, so no time limit may shape them.
    let arguments = [
      "check", file, "--depth", "smoke", "--no-coverage", "--no-shrink", "--mode", "sv57",
    ]
    let run = try await Program.run(
      arguments + ["--json", folder.file("zh.json")], environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(run.status == 1, "\(run)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("differs：") == true, "\(lines.first ?? "")")
    for words in ["free_pmd_table", "table-count", "--> \(file):", "违反", "| 参考实现", "；判定了"] {
      #expect(run.output.contains(words), "\(words): \(run.output)")
    }
    #expect(!run.output.contains("被测代码 执"), "\(run.output)")
    let english = try await Program.run(
      arguments + ["--json", folder.file("en.json"), "--language", "en"],
      environment: ["LC_ALL": "zh_CN.UTF-8"])
    #expect(!Self.isChinese(english.output))
    func json(_ name: String) throws -> String {
      try folder.text(name).replacing(/"seconds" : [0-9.]+/, with: "")
    }
    #expect(try json("zh.json") == json("en.json"))
    #expect(!Self.isChinese(try json("zh.json")))
  }

  @Test("explain prints every sentence")
  func explain() async throws {
    for id in ["H2", "table-count", "21f1b85c8912", "remove_pmd_mapping", "extra-flush"] {
      let run = try await Program.run(["explain", id, "--language", "zh"])
      #expect(run.status == 0)
      for line in run.output.split(separator: "\n") where line.split(separator: " ").count > 6 {
        let isCommand = line.contains("mhpcheck ") || line.contains("git ")
        #expect(isCommand || Self.isChinese(line), "\(id): \(line)")
      }
    }
  }

  @Test("the steps of a case have titles in it, and their events stay")
  func steps() async throws {
    let run = try await Program.run([
      "replay", "hazard/h2-boot-table-without-constructor@sv39", "--step", "--language", "zh",
    ])
    #expect(run.status == 0, "\(run)")
    for words in [
      "\n第 0 步，共 9 步：用例开始之前\n  页表，双方：\n", "  两者：clear table 2 (pte)[0..3]\n",
      "\n第 9 步，共 9 步：结束时\n  两侧行为相同\n",
    ] {
      #expect(run.output.contains(words), "\(words): \(run.output)")
    }
    #expect(!run.output.contains("both:") && !run.output.contains("stored since"))
  }

  @Test("errors say what to do")
  func errors() async throws {
    for arguments in [
      ["chek"], ["check", "nowhere.patch"], ["explain", "H99"], ["check"], ["check", "--foo", "x"],
      ["check", "x", "--depth", "y"], ["check", "x", "--jobs"], ["check", "x", "y"],
      ["list", "foo"],
      ["check", "x", "--jobs", "z"], ["bisect"],
    ] {
      let run = try await Program.run(
        arguments, environment: ["LC_ALL": "", "LANG": "zh_CN.UTF-8"])
      #expect(run.status == 2 || run.status == 3)
      #expect(Self.isChinese(run.errors), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
    }
  }
}

/// Every sentence of the program is in the table of each other language. The script finds them in the sources.
@Suite("The Chinese sentences")
struct ChineseTests {
  private struct Sentence: Decodable {
    var file: String
    var text: String
  }

  @Test("cover all English ones and no others, with the same arguments")
  func complete() async throws {
    let root = Repository.root.path
    let run = try await Program.start(
      "python3", ["\(root)/Tests/EndToEnd/Language/sentences.py", root])
    try #require(run.status == 0, "\(run)")
    let sentences = try JSONDecoder().decode([Sentence].self, from: Data(run.output.utf8))
    #expect(sentences.count > 1000)
    let file = Repository.root.appending(path: "Sources/Reports/Language/zh.json")
    let table = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    let missing = sentences.filter { table[$0.text] == nil }
    #expect(missing.isEmpty, "\(missing.prefix(20).map { "\($0.file): \($0.text)" })")
    let known = Set(sentences.map(\.text))
    let stale = table.keys.filter { !known.contains($0) }.sorted()
    #expect(stale.isEmpty, "no longer said: \(stale.prefix(20))")
    for (english, chinese) in table where chinese != "=" {
      let count = Template(english).pieces.count { if case .argument = $0 { true } else { false } }
      for case .argument(let number) in Template(chinese).pieces {
        #expect(number < count, "\(english): \(chinese)")
      }
    }
  }
}
