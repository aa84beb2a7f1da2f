// SPDX-License-Identifier: GPL-2.0-only

/// A language of reports, errors and progress. JSON and the formats of CI systems are always in English, and so is
/// a reply on a mailing list.
public enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case chinese = "zh"

  /// The language of a locale's name, such as "zh_CN.UTF-8".
  public init(locale: String) {
    self = locale.lowercased().hasPrefix("zh") ? .chinese : .english
  }

  /// The language that the environment asks for, in the order of POSIX.
  public init(environment: [String: String]) {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    self.init(locale: locale ?? "")
  }

  /// The tag for a page's `lang` attribute.
  var tag: String { self == .chinese ? "zh-CN" : "en" }

  /// The translation from English; nil for English itself.
  var translation: Translation? { self == .chinese ? .chinese : nil }

  /// A sentence of ours in this language; as it is where there is no translation.
  public func text(_ text: String) -> String { translation?.text(text) ?? text }

  /// A phrase of ours in this language.
  func phrase(_ phrase: Phrase) -> Phrase { translation?.phrase(phrase) ?? phrase }

  /// A document in this language.
  package func document(_ document: Document) -> Document {
    translation?.document(document) ?? document
  }
}
