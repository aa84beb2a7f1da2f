// SPDX-License-Identifier: GPL-2.0-only

import Cases
import FoundationEssentials
import Machine
import Oracle
import Synchronization
import Worker

/// The port's digests of the cases of a check, for one list of upstream states and one kernel. A subject has to hit
/// a digest to count as equal. They depend on the program alone and on no subject, so a run may take
/// them from an earlier one. A wrong digest cannot hide a difference: only a subject that does what the digest
/// says would hit it, and where none is hit, the port runs.
final class AnswerBook: Sendable {
  private struct State {
    var pages: BookPages
    var isNew = false
  }

  /// The most random cases of a mode in a book: as many as a run of standard depth draws.
  private static let mostRandomCases = UInt64(Depth.standard.randomCasesAMode)

  private let path: String?
  private let prepare: @Sendable (_ folder: String) -> Void
  private let state: Mutex<State>

  /// The book in a file, empty if there is none that can be read; with nil, a book of this run alone. `prepare` makes
  /// the file's folder.
  init(path: String?, prepare: @escaping @Sendable (_ folder: String) -> Void = { _ in }) {
    self.path = path
    self.prepare = prepare
    let bytes = path.flatMap { FileManager.default.contents(atPath: $0) }
    let pages = bytes.flatMap { try? JSONDecoder().decode(BookPages.self, from: $0) }
    state = Mutex(State(pages: pages ?? BookPages()))
  }

  /// The hazards of a case that is known to be the same in every state and to have this digest; nil for any other.
  func hazards(of reference: CaseReference, with digest: CaseDigest) -> [Violation]? {
    guard let (group, index) = Self.entry(of: reference) else { return nil }
    return state.withLock { state in
      guard state.pages.digest(group, index) == digest else { return nil }
      return state.pages.hazards(group, index)
    }
  }

  /// What is known to come of a case in which the ports differ, if the subject answers this; else nil.
  func result(of reference: CaseReference, answered answer: CaseAnswer) -> CaseResult? {
    guard let (group, index) = Self.entry(of: reference) else { return nil }
    return state.withLock { $0.pages.result(answer, group, index) }
  }

  /// Whether something is known of the case.
  func knows(_ reference: CaseReference) -> Bool {
    guard let (group, index) = Self.entry(of: reference) else { return false }
    return state.withLock { state in
      state.pages.digest(group, index) != nil || state.pages.knowsParting(group, index)
    }
  }

  /// Keeps a case that is the same in every state, with its hazards.
  func keep(_ digest: CaseDigest, _ hazards: [Violation], for reference: CaseReference) {
    guard let (group, index) = Self.entry(of: reference) else { return }
    state.withLock { state in
      state.pages.keep(digest, hazards, group, index)
      state.isNew = true
    }
  }

  /// Keeps the result of a case in which the ports differ, for subjects that answer this, as one of the ports does.
  func keep(_ result: CaseResult, answered answer: CaseAnswer, for reference: CaseReference) {
    guard let (group, index) = Self.entry(of: reference) else { return }
    state.withLock { state in
      if state.pages.keep(result, answer, group, index) { state.isNew = true }
    }
  }

  /// The answers to the operations of a part that is whole, in order; nil if one is not known.
  func answers(to part: SweepPart) -> [KeptAnswer]? {
    let keys = part.operations.map { Self.key($0, of: part) }
    return state.withLock { state in
      let found = keys.compactMap { state.pages.blocks[$0] }
      return found.count == keys.count ? found : nil
    }
  }

  /// Keeps the answers to the operations of a part that is whole: the digests of its cases, and the judgement of
  /// those that the oracle judged, by operation.
  func keep(_ judged: [Int: KeptAnswer], folds: [CaseDigest], for part: SweepPart) {
    state.withLock { state in
      for (operation, fold) in zip(part.operations, folds) {
        var answer = judged[operation] ?? KeptAnswer()
        answer.fold = fold
        state.pages.blocks[Self.key(operation, of: part)] = answer
      }
      state.isNew = true
    }
  }

  private static func key(_ operation: Int, of part: SweepPart) -> String {
    "\(part.universe)/\(operation)/\(part.states.lowerBound)-\(part.states.upperBound)"
  }

  /// The group of a case and its index there; nil for a case that no other run has.
  private static func entry(of reference: CaseReference) -> (group: String, index: Int)? {
    switch reference {
    case .catalogue(let mode, let index): ("named-\(mode)", index)
    // Other seeds, and the many cases of a deep run, would make the book grow without end.
    case .random(let mode, CheckRequest.usualSeed, let index) where index < mostRandomCases:
      ("random-\(mode)", Int(index))
    default: nil
    }
  }

  /// Writes the book, if there is something new in it. A book that cannot be written costs time alone.
  func save() {
    guard let path else { return }
    let pages = state.withLock { state in
      defer { state.isNew = false }
      return state.isNew ? state.pages : nil
    }
    guard let pages, let bytes = try? JSONEncoder().encode(pages) else { return }
    let file = URL(filePath: path)
    prepare(file.deletingLastPathComponent().path)
    try? bytes.write(to: file, options: .atomic)
  }
}
