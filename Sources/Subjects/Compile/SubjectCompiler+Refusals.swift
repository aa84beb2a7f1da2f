// SPDX-License-Identifier: GPL-2.0-only

extension SubjectCompiler {
  /// Operators that read files, ask for them or turn the compiler about.
  private static let refused = ["__has_include", "__has_include_next", "__has_embed", "_Pragma"]

  /// What `RefusedConstructs` refuses in a text can be made of halves by the preprocessor (`##`), where no look
  /// at the text sees it. For the compiler there are no such words. (Assembly is undone in the unit itself.)
  static let refusals = refused.map { "-U\($0)" } + ["-Wno-builtin-macro-redefined"]

  /// What helps where a compiler complains of such a word; nil where it does not.
  static func refusal(in errors: String) -> String? {
    let lines = errors.split(whereSeparator: \.isNewline).filter { $0.contains("error: ") }
    return refused.first { word in lines.contains { $0.contains("'\(word)'") } }.map {
      "\($0) is refused, however it is written: nothing but the subject's own text and the stub headers is "
        + "read; take it out"
    }
  }
}
