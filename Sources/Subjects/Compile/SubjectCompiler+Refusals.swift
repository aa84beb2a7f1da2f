// SPDX-License-Identifier: GPL-2.0-only

extension SubjectCompiler {
  /// Operators that read files, test for them or change the compiler's state.
  private static let refused = ["__has_include", "__has_include_next", "__has_embed", "_Pragma"]

  /// Undefines these operators. The preprocessor can paste a word that `RefusedConstructs` refuses from
  /// halves (`##`), and no check of the text sees that. (The unit itself disables assembly.)
  static let refusals = refused.map { "-U\($0)" } + ["-Wno-builtin-macro-redefined"]

  /// Advice if the compiler complains about such an operator; else nil.
  static func refusal(in errors: String) -> String? {
    let lines = errors.split(whereSeparator: \.isNewline).filter { $0.contains("error: ") }
    return refused.first { word in lines.contains { $0.contains("'\(word)'") } }.map {
      "\($0) is refused, however it is written: nothing but the subject's own text and the stub headers is "
        + "read; take it out"
    }
  }
}
