// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A subject and a case as one C file, for `mhpcheck replay --format c`. It builds with the machine's own
/// sources and the stub headers, and its program reports whether the subject is correct.
struct ReproducerC: Sendable {
  /// The criterion of correctness.
  enum Right: Sendable {
    /// The outcome of the reference, and the name of its set of fixes.
    case outcome(Observation, against: String)
    /// The rules that the reference breaks.
    case rules([RuleInC])
  }

  private let scenario: Scenario
  private let unit: String
  private let subjectName: String
  private let configuration: [String]

  /// - Parameters:
  ///   - scenario: the case.
  ///   - unit: the subject's translation unit, as compiled.
  ///   - subjectName: the subject's name from the user.
  ///   - configuration: preprocessor lines with the configuration for which the unit is compiled.
  init(scenario: Scenario, unit: String, subjectName: String, configuration: [String]) {
    self.scenario = scenario
    self.unit = unit
    self.subjectName = subjectName
    self.configuration = configuration
  }

  /// The command that builds the reproducer, in its folder.
  static let command =
    "cc -O2 -Wall -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks "
    + "-fsanitize=shift,bounds,integer-divide-by-zero,unreachable,bool,vla-bound "
    + "-fsanitize-undefined-trap-on-error -I stubs -o reproduce reproducer.c machine/*.c "
    + "reproducer/*.c -pthread -lrt"

  /// The text of the file; nil for a scenario that cannot be lowered.
  func text(_ right: Right) -> String? {
    guard let image = try? scenario.lowered() else { return nil }
    var reference: Observation?
    if case .outcome(let observation, _) = right { reference = observation }
    guard
      let drawing = CaseTables(scenario: scenario, subject: reference, reference: reference)
    else { return nil }
    let data = CaseInC(scenario: scenario, image: image, naming: drawing.naming)
    var text = "// SPDX-License-Identifier: GPL-2.0-only\n" + head(right, drawing.naming)
    text += configuration.map { $0 + "\n" }.joined()
    text += "#define MHP_INDEX_BITS \(scenario.indexBits)\n"
    text += "\n#include \"reproducer/reproduce.h\"\n\n"
    text += CText.block(["The tables before:", ""] + drawing.before().map(\.text))
    text += data.before() + "\n" + self.right(right, data, drawing) + main(right)
    return text + subject
  }

  private func head(_ right: Right, _ naming: TableNames) -> String {
    var lines = ["case \(scenario.id), \(scenario.mode): \(scenario.purpose)"]
    lines += scenario.operations.enumerated().map { "call \($0 + 1): \(naming.call($1))" }
    lines += ["", "subject: \(subjectName)"]
    switch right {
    case .outcome(_, let against):
      lines.append("right is what the reference does (fixes: \(against))")
    case .rules: lines.append("right is what keeps the rules below, which the reference breaks")
    }
    lines += [
      "", "Build it in its folder with make, or with the command below. Exit status: 0 when the",
      "subject does what is right, 1 when it does not (standard output says how), 2 when the",
      "machine cannot be set up. The subject's text stands at the end as it was extracted; put a",
      "fixed one in its place to see it pass. It runs with your rights: nothing confines it here.",
    ]
    // The command is outside the block comment, because its file patterns would begin and end comments.
    return CText.block(lines) + "\n// \(Self.command)\n\n"
  }

  private func right(_ right: Right, _ data: CaseInC, _ drawing: CaseTables) -> String {
    switch right {
    case .outcome(let observation, _):
      CText.block(
        ["The tables that the reference leaves:", ""]
          + drawing.after(observation, marked: nil).map(\.text)) + data.outcome(observation)
    case .rules(let rules):
      "/* The rules: each is looked at after so many of the calls. */\n"
        + "static const struct mhp_rule mhp_case_rules[] = {\n"
        + rules.map { "\t\($0.text)" }.joined() + "};\n"
    }
  }

  private func main(_ right: Right) -> String {
    let judged =
      switch right {
      case .outcome: "\t.right = &mhp_case_right,\n"
      case .rules(let rules): "\t.rules = mhp_case_rules, .rule_count = \(rules.count),\n"
      }
    return """

      static const struct mhp_case mhp_case = {
      \t.name = \(CText.string("\(scenario.id), \(scenario.mode)")),
      \t.image = &mhp_case_image,
      \t.operations = mhp_case_operations, .operation_count = \(scenario.operations.count),
      \t.calls = mhp_case_calls,
      \(judged)};

      extern const struct mhp_subject mhp_subject;

      int main(void)
      {
      \treturn mhp_reproduce(&mhp_case, &mhp_subject);
      }

      """
  }

  private var subject: String {
    """

    /*
     * The subject: its functions, between the stub headers and the table by which they are called.
     * Line directives name the lines of its own file.
     */
    #pragma GCC diagnostic ignored "-Wunused-function"
    #pragma GCC diagnostic ignored "-Wunused-parameter"
    #pragma GCC diagnostic ignored "-Wunused-variable"
    #pragma GCC diagnostic ignored "-Wunused-but-set-variable"
    #pragma GCC diagnostic ignored "-Wunused-value"

    """ + unit
  }
}
