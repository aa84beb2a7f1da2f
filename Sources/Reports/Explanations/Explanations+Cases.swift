// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port

extension Explanations {
  static func explanation(of function: KernelFunction) -> Explanation {
    let duty = FunctionDuty(of: function)
    let callees = function.callees.map(\.name).list
    // The embedded reference lacks generic code and uses the shim's substitute.
    let caller = KernelFunction.allCases.first {
      $0.callees.contains(function) && !$0.isOfGenericCode
    }
    let shown = function.isOfGenericCode ? caller ?? function : function
    let example = catalogue.first { $0.operations.map(\.function) == [shown] }
    return Explanation(
      kind: .function, id: function.name,
      title: function.isEntryPoint ? "called by the kernel's core" : "called by its neighbours",
      what: callees.isEmpty ? duty.what : "\(duty.what) It calls \(callees).",
      why: duty.why, origin: duty.origin,
      commands: example.map {
        [
          .init("mhpcheck replay \($0.id)@\($0.mode) builtin"),
          .init("mhpcheck mutate builtin --function \(shown.name) --mode sv39"),
        ]
      } ?? [])
  }

  /// The explanation of a case, from the catalogue or another source.
  public static func explanation(of scenario: Scenario) -> Explanation {
    let functions = Set(scenario.operations.map(\.function)).sorted()
    let names = functions.map(\.name).list
    let calls = scenario.operations.count == 1 ? "one call" : "\(scenario.operations.count) calls"
    let name = "\(scenario.id)@\(scenario.mode)"
    let isNamed = casesByID[scenario.id] != nil
    return Explanation(
      kind: .case, id: name, title: scenario.purpose,
      what: "\(scenario.purpose) It is \(calls) of \(names) on \(scenario.mode).",
      why: reason(of: scenario, functions),
      origin: isNamed
        ? "The catalogue of named cases, on \(modes(of: scenario.id)). Its id is stable: the same id is "
          + "the same case."
        : "Not the catalogue: its name says what it is made from, and makes it again.",
      commands: [
        .init("mhpcheck replay \(name) builtin"), .init("mhpcheck list --show \(name)"),
      ])
  }

  static func explanation(of universe: Universe) -> Explanation {
    Explanation(
      kind: .universe, id: universe.name,
      title: "\(universe.caseCount) cases of a small machine on \(universe.mode.name)",
      what: "Every state of a small machine's tables, times every operation, times every range, "
        + "\(universe.caseCount) cases: \(universe.definition).",
      why: "Nothing in it is sampled, so what no case of it shows cannot happen in such a machine. "
        + (universe.isDeep
          ? "It is run at --depth deep alone." : "It is run at --depth standard and deep."),
      origin:
        "A universe is defined by what an entry may be, and its size follows from a formula that a "
        + "test holds against the cases run; docs/develop/means.md.",
      commands: [
        .init("mhpcheck replay universe/\(universe.name)/0-0-0 builtin"),
        .init(
          "mhpcheck check builtin --only universes --mode \(universe.mode.name)"
            + (universe.isDeep ? " --depth deep" : "")),
      ])
  }

  private static func reason(of scenario: Scenario, _ functions: [KernelFunction]) -> String {
    if scenario.id.hasPrefix("hazard/"),
      let hazard = Hazard.ID.allCases.first(where: {
        scenario.id.hasPrefix("hazard/\($0.rawValue.lowercased())-")
      })
    {
      return "It shows hazard \(hazard.rawValue): \(Hazard(hazard).title). \(hazard.reason)"
    }
    guard let outermost = functions.last else { return "It calls nothing, and nothing may change." }
    return FunctionDuty(of: outermost).why
  }

  private static func modes(of id: String) -> String {
    (casesByID[id] ?? []).map(\.mode).list
  }
}
