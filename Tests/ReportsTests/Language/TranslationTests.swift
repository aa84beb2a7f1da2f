// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Reports

@Suite("A translation")
struct TranslationTests {
  private let translation = Translation([
    "{} case": "{} 个用例", "{} cases": "{} 个用例", "lacks {}": "缺少 {}", "{}; {}": "{}；{}",
    "{} differs in {}": "在 {1} 中 {0} 有差异", " and ": "和", "it is late": "晚了",
    "there is no file {}": "没有文件 {}", "{} cannot be read: {}": "无法读取 {0}：{1}",
  ])

  @Test("of a phrase keeps its arguments, in the order of the other language")
  func phrases() {
    let phrase: Phrase = "\(code: "f.c") differs in \(Words.count(3, "case"))"
    #expect(translation.phrase(phrase).plain == "在 3 个用例 中 f.c 有差异")
    let spans = translation.phrase(phrase).spans
    #expect(spans.first { $0.text == "f.c" }?.voice == .code)
    let joined = ["lacks \(code: "a")" as Phrase, "lacks \(code: "b")"].joined(" and ")
    #expect(translation.phrase(joined.capitalised.toned(.bad)).plain == "缺少 a和缺少 b")
    #expect(
      translation.phrase(joined.toned(.bad)).spans.allSatisfy { $0.tone == .bad })
  }

  @Test("of what it does not know is the text itself, with the known parts in it translated")
  func unknown() {
    #expect(translation.phrase("unknown \(Words.count(1, "bit"))").plain == "unknown 1 bit")
    #expect(translation.phrase("unknown \(Words.count(2, "case"))").plain == "unknown 2 个用例")
    #expect(translation.text("nobody knows") == "nobody knows")
    #expect(translation.text("") == "")
  }

  @Test("of a finished text recognises the sentence that it was made from, with parts within parts")
  func finished() {
    #expect(translation.text("there is no file a.c") == "没有文件 a.c")
    #expect(
      translation.text("a.c cannot be read: there is no file b: c") == "无法读取 a.c：没有文件 b: c")
  }

  @Test("translates a stranger's words only where they are a whole sentence of ours")
  func strangers() {
    #expect(translation.phrase("\(code: "it is late")").plain == "晚了")
    #expect(translation.phrase("\(code: "case")").plain == "case")
    #expect(translation.phrase("\(code: "there is no file x")").plain == "there is no file x")
  }

  @Test("of a hostile text ends soon")
  func hostile() {
    let text = String(repeating: "a cannot be read: ", count: 200)
    _ = translation.text(text)
    #expect(translation.text(String(repeating: "{}", count: 2000)).count == 4000)
  }

  @Test(
    "is that of the locale",
    arguments: [
      ([:], Language.english), (["LANG": "zh_CN.UTF-8"], .chinese), (["LANG": "C"], .english),
      (["LANG": "zh_CN", "LC_ALL": "en_US"], .english), (["LC_ALL": "", "LANG": "zh"], .chinese),
      (["LC_MESSAGES": "zh_TW", "LANG": "de_DE"], .chinese),
    ] as [([String: String], Language)])
  func locale(environment: [String: String], language: Language) {
    #expect(Language(environment: environment) == language)
  }

  @Test("into Chinese breaks a line between characters, and begins none with punctuation")
  func wrapped() {
    let layout = LineLayout(columns: 12, style: TextStyle(isColoured: false))
    let narrow = LineLayout(columns: 11, style: TextStyle(isColoured: false))
    #expect(narrow.lines("缺少提交，但是一致。") == ["缺少提交，", "但是一致。"])
    #expect(layout.lines("在 pmd_clear 中有差异") == ["在 pmd_clear", "中有差异"])
    #expect(layout.lines("有 3 个用例") == ["有 3 个用例"])
  }
}
