// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck explain`: explains an id.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what an id means, why it matters, where it came from and how to see it.",
    discussion: """
      ID is that of a fix or another commit of the series, a hazard (H1), a rule of the oracle, a rule of \
      equivalence, a class of defects (class-1), a function, a case, a universe or a case for running kernels \
      (confirm/ID). Without one all are listed.
      """)

  @Argument(help: "What to explain.", completion: .ids)
  var id: String?

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  func run() throws {
    let answer = try files.found(show: show)
    guard let id else {
      return try answer.deliver(
        ExplanationDocument.list(), json: Explanations.list.json(tool: Version.text))
    }
    let made = madeCase(id)
    guard let explanation = Explanations.find(id) ?? made.map(Explanations.explanation) else {
      let nearest = Explanations.nearest(to: id).list
      throw ValidationError(
        """
        nothing has the id \(SafeText.line(id)); the nearest are \(nearest); mhpcheck explain \
        lists all
        """)
    }
    try answer.deliver(
      ExplanationDocument.of(explanation, scenario: made),
      json: JSONRenderer().render(explanation, tool: Version.text))
  }

  /// The case of a universe or a random case; its name determines it.
  private func madeCase(_ name: String) -> Scenario? {
    guard ["universe/", "random/"].contains(where: name.hasPrefix) else { return nil }
    return try? CatalogueCase.find(name)
  }
}
