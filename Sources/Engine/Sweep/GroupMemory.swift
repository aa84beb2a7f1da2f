// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials
import Machine
import Port
import Subjects
import Worker

/// Remembers in which groups of universes a subject did the same as the port in every case.
///
/// A text proves nothing about the next one that has the same function: another function may have written to the
/// machine, so that all that came after looked right. So a key is about all that ran in a group's workers. It is a
/// digest of the machine code and data that the group's functions lead to (`RunnableCode`), of what the workers and
/// the port are told, and of the worker program. The rest of the subject did not run there.
struct GroupMemory: Sendable {
  /// The digest of each group.
  private let digests: [String]
  private let present: Set<KernelFunction>
  private let kept: KeptUniverses
  /// The port's answers there; the report counts and quotes them.
  private let book: AnswerBook

  /// Computes the groups' keys for a supervisor's subject, compared with some fixes; nil where nothing can be kept.
  init?(
    of groups: [SweepGroup], calling present: Set<KernelFunction>, with supervisor: Supervisor,
    against fixes: UpstreamFixes
  ) async {
    let plan = supervisor.plan
    let worker = WorkerProgram(for: plan, of: supervisor.program).path
    guard let answers = supervisor.answers, answers.kept.isLasting, let path = plan.subjectPath,
      let code = RunnableCode(ofSharedObject: path),
      let machine = AnswerShelf.identity(of: worker)
    else { return nil }
    let told = [
      KeptUniverses.heading, machine, "\(plan.indexBits)", "\(plan.limitMilliseconds)",
      "\(plan.kernelOptions.rawValue)", "\(fixes.rawValue)",
    ]
    var files: [String] = []
    for (number, group) in groups.enumerated() {
      let lines = told + group.functions.sorted().map(\.name)
      var text = Data((lines.joined(separator: "\n") + "\n\n").utf8)
      text.append(contentsOf: code.reached(from: group.functions))
      let file = "\(path).code-\(number)"
      guard (try? text.write(to: URL(filePath: file))) != nil else { return nil }
      files.append(file)
    }
    guard let digests = try? await Digest.sha256(ofFiles: files) else { return nil }
    self.digests = digests
    self.present = present
    kept = answers.kept
    book = answers.book(against: [fixes], kernel: plan.kernelOptions)
  }

  /// The result of a universe that an earlier run kept; nil if none did, or if the port's answers are not known.
  func result(of universe: Universe, in group: Int) -> SweepResult? {
    let key = key(of: universe, in: group)
    guard kept.has(key), let result = book.result(of: universe, calling: present) else {
      return nil
    }
    kept.keep(key)
    return result
  }

  /// Keeps what a group's workers found, if every case of every universe ran and did what the port does, and the book
  /// says the same of it: a subject that is equal by a rule has other cases judged. Where one did not, nothing is
  /// kept: that case may have written to the machine before the others ran.
  func keep(_ swept: [Supervisor.SweepOutcome], of group: Int) {
    guard
      swept.allSatisfy({ outcome in
        outcome.isWhole(calling: present) && !outcome.result.hasFindings
          && book.result(of: outcome.universe, calling: present) == outcome.result
      })
    else { return }
    for outcome in swept { kept.keep(key(of: outcome.universe, in: group)) }
  }

  /// Writes what was kept.
  func save() { kept.save() }

  private func key(of universe: Universe, in group: Int) -> String {
    "\(digests[group]) \(universe.name)"
  }
}

extension Supervisor.SweepOutcome {
  /// Whether every case ran, and no worker died meanwhile.
  fileprivate func isWhole(calling present: Set<KernelFunction>) -> Bool {
    let all = universe.caseCount(calling: present)
    return all > 0 && result.cases == all && !result.isCutShort && lostWorkers == 0
  }
}

extension AnswerBook {
  /// The result of a universe for a subject that does the same as the port in every case; nil where the book lacks a
  /// part.
  fileprivate func result(
    of universe: Universe, calling present: Set<KernelFunction>
  ) -> SweepResult? {
    let operations = universe.operations(calling: present)
    guard !operations.isEmpty else { return nil }
    var result = SweepResult()
    for part in SweepBlock.parts(of: universe, operations: operations) {
      guard let answers = answers(to: part) else { return nil }
      result.cases += part.caseCount
      for answer in answers { result.add(answer) }
    }
    return result
  }
}
