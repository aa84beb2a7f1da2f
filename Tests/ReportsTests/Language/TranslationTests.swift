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
    #expect(translation.phrase(phrase).plain == "在 3 个用例中 f.c 有差异")
    let spans = translation.phrase(phrase).spans
    #expect(spans.first { $0.text == "f.c" }?.voice == .code)
    let joined = ["lacks \(code: "a")" as Phrase, "lacks \(code: "b")"].joined(" and ")
    #expect(translation.phrase(joined.capitalised.toned(.bad)).plain == "缺少 a 和缺少 b")
    #expect(
      translation.phrase(joined.toned(.bad)).spans.allSatisfy { $0.tone == .bad })
  }

  @Test("of an unknown text is the text itself, with its known parts translated")
  func unknown() {
    #expect(translation.phrase("unknown \(Words.count(1, "bit"))").plain == "unknown 1 bit")
    #expect(translation.phrase("unknown \(Words.count(2, "case"))").plain == "unknown 2 个用例")
    #expect(translation.text("nobody knows") == "nobody knows")
    #expect(translation.text("") == "")
  }

  @Test("of a finished text recognises the original sentence, even with nested parts")
  func finished() {
    #expect(translation.text("there is no file a.c") == "没有文件 a.c")
    #expect(
      translation.text("a.c cannot be read: there is no file b: c") == "无法读取 a.c：没有文件 b: c")
  }

  @Test("translates foreign words only if they are a whole sentence of ours")
  func strangers() {
    #expect(translation.phrase("\(code: "it is late")").plain == "晚了")
    #expect(translation.phrase("\(code: "case")").plain == "case")
    #expect(translation.phrase("\(code: "there is no file x")").plain == "there is no file x")
  }

  @Test("has a blank between Chinese and Latin letters, and none between two Chinese characters")
  func blanks() {
    let translation = Translation([
      "the subject": "被测代码", "does {}": "执行 {}", "drops {}": "去掉{}", "; ": "；", ", ": "、",
      "{} and {}": "{}和{}",
    ])
    let subject = Phrase("the subject")
    let deed: Phrase = "does \(code: "x.y")"
    #expect(translation.phrase("\(subject) \(deed)").plain == "被测代码执行 x.y")
    let names = ["f", "g", "h"].map { Phrase(code: $0) }.list
    #expect(translation.phrase("drops \(names)").plain == "去掉 f、g 和 h")
    let clauses = ["drops \(subject)" as Phrase, "drops \(code: "f")"].joined("; ")
    #expect(translation.phrase(clauses).plain == "去掉被测代码；去掉 f")
    #expect(translation.phrase("drops \(code: "被测 ")").plain == "去掉被测 ")
  }

  @Test("of a list of names has the mark of a list, and leaves what stands in quotation marks")
  func listsAndQuotations() {
    let translation = Translation([
      "the value '{}' is none of {}": "值 '{}' 不在 {} 之中", "cases": "用例", "{} is {}": "{} 是 {}",
      "the end": "末端",
    ])
    #expect(translation.text("sv39, sv48") == "sv39、sv48")
    #expect(translation.text("12 and 13") == "12 和 13")
    #expect(translation.text("sv39, mm/init.c and a@b") == "sv39、mm/init.c 和 a@b")
    #expect(translation.text("a file, b") == "a file, b")
    #expect(translation.text("a, b and a file") == "a, b and a file")
    #expect(translation.text("a and b and c") == "a and b and c")
    #expect(
      translation.text("the value 'cases' is none of x, cases")
        == "值 'cases' 不在 x、cases 之中")
    #expect(translation.text("the end is 0x1f") == "末端是 0x1f")
    #expect(translation.text("it is mine") == "it is mine")
  }

  @Test("of a label has the colon of its language")
  func labels() {
    #expect(("被测代码" as Phrase).asLabel.plain == "被测代码：")
    #expect(("the subject" as Phrase).labelling("a").plain == "the subject: a")
    #expect(("（甲）" as Phrase).labelling("a").plain == "（甲）：a")
  }

  @Test("of a hostile text ends soon")
  func hostile() {
    let text = String(repeating: "a cannot be read: ", count: 200)
    _ = translation.text(text)
    #expect(translation.text(String(repeating: "{}", count: 2000)).count == 4000)
  }

  @Test(
    "uses the language of the locale",
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
    let names = [Phrase(code: "pmd_clear"), Phrase(code: "pud_clear")].joined("、")
    #expect(layout.lines(names) == ["pmd_clear、", "pud_clear"])
    #expect(layout.lines("\(code: "pmd_clear")（在此处）") == ["pmd_clear", "（在此处）"])
  }
}
