// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Port

/// An explanation as a document. All its text is our own.
package struct ExplanationDocument {
  ///
  /// - Parameter scenario: the case that is explained, which is then shown with what the reference does in it.
  package static func of(_ explanation: Explanation, scenario: Scenario? = nil) -> Document {
    var document = Document(
      title: "mhpcheck explain", name: "\(code: explanation.id)",
      lead: "\(explanation.id, tone: .strong), \(explanation.kind.phrase): \(explanation.title)")
    document.isVerdict = false
    var section = Section(id: "explanation", heading: "", importance: .essential)
    section.add(
      .facts([
        Fact(name: "what", value: Phrase(explanation.what)),
        Fact(name: "why", value: Phrase(explanation.why)),
        Fact(name: "origin", value: Phrase(explanation.origin)),
      ]), .essential)
    for (number, command) in explanation.commands.enumerated() {
      let need = command.need.rawValue
      section.add(
        .command(
          Command(
            id: "see-\(number + 1)", name: "see \(explanation.id)", line: command.line,
            purpose: need.isEmpty ? "see" : "see (\(need))")), .essential)
    }
    document.sections = [section]
    if let scenario = scenario ?? Explanations.scenario(of: explanation) {
      document.sections.append(Self.section(of: scenario))
    }
    return document
  }

  /// A case with its calls, its tables before and after, and what the reference does.
  private static func section(of scenario: Scenario) -> Section {
    var section = Section(id: "case", heading: "The case, and what the reference does")
    let reference = (try? scenario.lowered()).map { HotplugPort(fixes: .latest).observe($0) }
    section.blocks = CaseBlocks().blocks(
      id: "case", scenario: scenario, difference: nil, subject: nil, reference: reference
    ).map { block in
      // Beside a difference the reference's trace is one of two; here it is the answer.
      var block = block
      block.importance = .brief
      return block
    }
    return section
  }

  /// The document that lists all ids, by kind.
  package static func list() -> Document {
    var document = Document(
      title: "mhpcheck explain", name: "",
      lead: """
        mhpcheck explain ID says what an id is, why it matters, where it is from and how to see \
        it.
        """)
    document.isVerdict = false
    var section = Section(id: "ids", heading: "", importance: .essential)
    section.add(
      .facts(
        Explanation.Kind.allCases.map { kind in
          let ids = Explanations.ids(kind)
          switch kind {
          case .case, .universe:
            return Fact(
              name: "\(kind.plural)",
              value:
                "\(ids.count); mhpcheck list \(kind.plural) names them, e.g. \(code: ids[0])")
          default:
            return Fact(
              name: "\(kind.plural)", value: ids.map { Phrase(code: $0) }.joined(" "))
          }
        }), .essential)
    document.sections = [section]
    return document
  }
}

extension Explanations {
  /// All ids, each with its kind.
  package static var list: ThingList {
    ThingList(
      topic: "ids",
      items: Explanation.Kind.allCases.flatMap { kind in
        ids(kind).map { ThingList.Item(id: $0, title: kind.phrase) }
      })
  }
}
