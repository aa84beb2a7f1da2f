// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port
import Subjects
import Worker

extension ReplayRun {
  /// The criterion by which a reproducer judges its subject, as the user requests it.
  public enum Judge: Hashable, Sendable {
    /// The non-advisory rules that the reference breaks, if there are any and the subject agrees with the
    /// reference or mends it; else the reference's outcome.
    case automatic
    /// The outcome of the reference.
    case reference
    /// The rules that a hazard of the upstream text breaks.
    case hazard(Hazard.ID)
  }

  /// Writes a reproducer in C into a folder that is empty or absent, and returns one line about it.
  public func writeReproducer(
    _ scenario: Scenario, subject argument: String, options: SubjectOptions,
    against: UpstreamFixes, judge: Judge, into folder: String
  ) async throws(Failure) -> String {
    let target = try OutputFolder(folder)
    let (replayed, unit, kernel) = try await replayWithText(
      scenario, subject: argument, options: options, against: against)
    let side = ReferenceSide(scenario, against: against, kernel: kernel)
    let right = try side.right(of: replayed, judge: judge)
    let text = ReproducerC(
      scenario: scenario, unit: unit, subjectName: replayed.subjectName,
      configuration: Self.configuration(options)
    ).text(right)
    guard let text else {
      throw Failure(.incomplete, "case \(scenario.id) cannot be written as C")
    }
    try target.write("reproducer.c", text)
    try target.write("Makefile", ReproducerC.makefile)
    try target.copy(files.sources(), ["include/CKernelShim.h"] + ReproducerC.sources)
    try target.copyFolder(files.stubs, to: "stubs")
    let what =
      switch right {
      case .outcome: "what the reference does"
      case .rules(let rules): "\(rules.count) rule\(rules.count == 1 ? "" : "s")"
      }
    return "\(folder)/reproducer.c holds the subject to \(what); build and run it with "
      + "make -C \(folder) run"
  }

  /// The configuration for which subjects are compiled, as preprocessor lines.
  static func configuration(_ options: SubjectOptions) -> [String] {
    func line(_ text: String) -> String {
      text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    let defined = options.defines.map { define in
      let name = String(define.prefix { $0 != "=" })
      let value = define.contains("=") ? String(define.drop { $0 != "=" }.dropFirst()) : "1"
      return (name: name, value: value)
    }
    let names = Set(defined.map { String($0.name.prefix { $0 != "(" }) } + options.undefines)
    return KernelConfiguration.symbols(with: options.defines)
      .filter { !names.contains($0.name) }.map { "#define \($0.name) \($0.value)" }
      + defined.filter { !options.undefines.contains($0.name) }
      .map { line("#define \($0.name) \($0.value)") }
  }
}

/// The port's observations in a case, after each call.
private struct ReferenceSide {
  let image: MachineImage?
  let steps: [Observation]
  let scenario: Scenario
  let kernel: KernelOptions

  init(_ scenario: Scenario, against fixes: UpstreamFixes, kernel: KernelOptions) {
    self.scenario = scenario
    self.kernel = kernel
    let port = HotplugPort(fixes: fixes, options: kernel)
    image = try? scenario.lowered()
    steps = image.map { port.steps($0) } ?? []
  }

  func right(
    of replayed: ReplayedCase, judge: ReplayRun.Judge
  ) throws(Failure) -> ReproducerC.Right {
    guard let image, let last = steps.last else {
      throw Failure(.incomplete, "case \(scenario.id) makes no call")
    }
    let outcome = ReproducerC.Right.outcome(
      last, against: replayed.against.name)
    let violations = Oracle.violations(image, steps, kernel: kernel)
    switch judge {
    case .reference: return outcome
    case .hazard(let id):
      let broken = violations.filter { $0.hazard == id }
      guard !broken.isEmpty else {
        throw Failure(
          .usage,
          "the reference does not break \(id.rawValue) in case \(scenario.id); "
            + "leave --hazard out, or take a case that mhpcheck list cases names for it")
      }
      let rules = broken.compactMap { rule($0, image) }
      guard !rules.isEmpty else {
        throw Failure(
          .usage,
          "\(id.rawValue) shows in no state that a reproducer examines; "
            + "leave --hazard out to hold the subject to what the reference does")
      }
      return .rules(rules)
    case .automatic:
      let broken = replayed.broken
      let isSame = replayed.difference == nil && replayed.subject != nil
      let isMended = broken.own.isEmpty && !broken.mended.isEmpty
      guard isSame || isMended else { return outcome }
      // An advisory rule, about a window that no other code may ever hit, does not make a case one of a
      // hazard.
      let rules = violations.filter { $0.rule.severity != .advisory }
        .compactMap { rule($0, image) }
      return rules.isEmpty ? outcome : .rules(rules)
    }
  }

  private func rule(_ violation: Violation, _ image: MachineImage) -> RuleInC? {
    let number = violation.operation
    guard number > 0, number <= steps.count else {
      var tables = [[UInt64]](
        repeating: [UInt64](repeating: 0, count: image.layout.entriesPerTable),
        count: image.tables.count)
      for run in image.runs {
        for (slot, word) in run.words where slot < image.layout.entriesPerTable {
          tables[Int(run.table)][slot] = word
        }
      }
      return RuleInC(violation, image: image, before: tables)
    }
    return RuleInC(violation, image: image, before: steps[number - 1].tables)
  }
}
