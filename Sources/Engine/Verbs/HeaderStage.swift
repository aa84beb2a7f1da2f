// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

/// Compares a tree's own definitions with those of the stub headers, with which its functions run.
struct HeaderStage: Sendable {
  let stand: ProbeRunner

  func comparison(of probe: HeaderProbe) async throws(Failure) -> HeaderComparison {
    let modes = Architecture.riscv.modes
    let questions = modes.flatMap { mode in
      probe.questions.indices.map {
        ProbeRunner.Question(mode: mode, number: UInt64($0), argument: 0)
      }
    }
    let scanned = try await stand.ask(probe.extraction, named: "headers", questions)
    guard case .answered(let answers) = scanned else {
      if case .unbuildable(let message) = scanned { return .unknown(message) }
      return .unknown("the probe gave no answer")
    }
    let parted = zip(questions, answers).filter { $0.1?.first != 0 }
    guard !parted.isEmpty else { return .compared(probe.questions.count, differing: []) }
    let places = parted.map { question, answer in
      ProbeRunner.Question(
        mode: question.mode, number: question.number, argument: answer?.first ?? 0)
    }
    let shown = try await stand.ask(probe.extraction, named: "headers", places)
    guard case .answered(let values) = shown else { return .unknown("the probe gave no answer") }
    var named: Set<String> = []
    let differing = zip(places, values).compactMap { place, value -> HeaderDifference? in
      let question = probe.questions[Int(place.number)]
      guard named.insert(question.name).inserted else { return nil }
      return HeaderDifference(
        name: question.name, place: probe.places[question.name] ?? "", mode: place.mode.name,
        words: words(of: question, at: place.argument),
        // A probe that does not return where the stub headers' own probe does is a difference, too.
        subject: place.argument == 0 ? nil : value?.first,
        reference: place.argument == 0 ? nil : value?.second)
    }
    return .compared(probe.questions.count, differing: differing)
  }

  /// The words of the pair at a place, from 1; only those that the question uses.
  private func words(of question: HeaderQuestion, at place: UInt64) -> [UInt64] {
    guard place > 0 else { return [] }
    let second = question.second.words
    let (row, column) = Int(place - 1).quotientAndRemainder(dividingBy: second.count)
    let first = question.first == .nothing ? [] : [question.first.words[row]]
    return question.second == .nothing ? first : first + [second[column]]
  }
}
