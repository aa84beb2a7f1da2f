// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Worker

/// Compares a worker's digests for a part of a universe with the port, in the supervisor's process. Only one
/// task may use an instance at a time.
final class SweepChecker {
  /// The number of examples to keep of each kind of difference and operation.
  private let examplesPerKind = 3
  /// The number of differing cases after which a part is cut short: more of them cost time and show nothing
  /// new. It is smaller than the number after which a worker ends the part.
  private let enough: UInt64 = 200
  /// The number of cases whose observations a worker is asked for at once.
  private let casesAtOnce = 200

  /// The oracle judges one case in `oracleShare`: it takes longer than both sides together, and its judgement
  /// of the port is valid for every subject that does the same.
  static let oracleShare: UInt64 = 1021

  private let checker: CaseChecker
  private let kept: AnswerBook?
  private var walk: SweepWalk?

  /// A checker against the port at some fixes, in a kernel with the given options. With `kept`, the port does not
  /// run for a part whose answers are in it and equal the subject's.
  init(fixes: UpstreamFixes, kernel: KernelOptions = .standard, kept: AnswerBook? = nil) {
    checker = CaseChecker(fixes: [fixes], kernel: kernel)
    self.kept = kept
  }

  /// Runs a part in a worker and checks every case of it; nil when the worker is gone, or when its answer is
  /// not credible.
  func check(
    _ part: SweepPart, with conversation: Exchange.Conversation
  ) async throws -> SweepResult? {
    let universe = try checker.cases.universe(named: part.universe)
    let known = part.isWhole(in: universe) ? kept?.answers(to: part) : nil
    if let known {
      // Slow cases end a part, so their number limits the time for a part.
      guard case .folded(let folds)? = try await conversation.ask(.fold(part), slow: 50) else {
        return nil
      }
      if folds == known.map(\.fold) {
        var result = SweepResult()
        result.cases = part.caseCount
        for answer in known { result.add(answer) }
        return result
      }
    }
    return try await check(part, of: universe, keeping: known == nil, with: conversation)
  }

  /// Compares case by case.
  private func check(
    _ part: SweepPart, of universe: Universe, keeping isNew: Bool,
    with conversation: Exchange.Conversation
  ) async throws -> SweepResult? {
    guard case .swept(let digests)? = try await conversation.ask(.sweep(part), slow: 50) else {
      return nil
    }
    let all = Int(part.caseCount)
    guard digests.count <= all else { return nil }
    var result = SweepResult()
    result.cases = UInt64(digests.count)
    var judged: [Int: KeptAnswer] = [:]
    var open = mismatches(part, universe, digests, &judged)[...]
    for answer in judged.values { result.add(answer) }
    if isNew, open.isEmpty, digests.count == all, part.isWhole(in: universe) {
      kept?.keep(judged, folds: part.folds(of: digests), for: part)
    }
    var found: [String: Int] = [:]
    while !open.isEmpty, result.differing < enough {
      let places = open.prefix(casesAtOnce).map { part.place($0) }
      let asked = places.map { CaseReference.universe(name: universe.name, place: $0) }
      guard let observed = try await conversation.observations(of: asked) else { return nil }
      for (index, (place, observation)) in zip(open, zip(places, observed)) {
        note(place, of: universe, digests[index], observation, &result, &found)
      }
      open = open.dropFirst(casesAtOnce)
    }
    result.isCutShort = !open.isEmpty
    if digests.count < all, !result.isCutShort {
      // A part that ended early without a slow case as the reason is not credible: its cases run separately.
      if result.differing >= enough {
        result.isCutShort = true
      } else if !result.slow.isEmpty {
        result.rest = part.rest(after: digests.count)
      } else {
        return nil
      }
    }
    return result
  }

  /// The indices, in order, of the cases whose digest differs from the port's.
  func mismatches(_ part: SweepPart, _ universe: Universe, _ digests: [CaseDigest]) -> [Int] {
    var judged: [Int: KeptAnswer] = [:]
    return mismatches(part, universe, digests, &judged)
  }

  /// The same, with the oracle's judgement of some of the other cases, by operation.
  private func mismatches(
    _ part: SweepPart, _ universe: Universe, _ digests: [CaseDigest],
    _ judged: inout [Int: KeptAnswer]
  ) -> [Int] {
    var current = SweepWalk.taken(from: &walk, for: universe)
    let port = checker.port
    let words = current.wordsPerCase
    var found: [Int] = []
    var index = 0
    for state in part.states where index < digests.count {
      _ = current.runState(state, of: part) { cursor in
        let (digest, ending) = port.answer(cursor.image, words: words)
        if digest != digests[index] {
          found.append(index)
        } else if universe.index(of: cursor.place) % Self.oracleShare == 0 {
          judged[cursor.place.operation, default: KeptAnswer()].judge(
            violations(port.observation(ending, of: cursor.image), cursor.image),
            in: cursor.place)
        }
        index += 1
        return index < digests.count
      }
    }
    self.walk = current
    return found
  }

  private func violations(_ observation: Observation, _ image: MachineImage) -> [Violation] {
    checker.violations(image, [observation])
  }

  private func note(
    _ place: UniverseCase, of universe: Universe, _ digest: CaseDigest, _ observation: Observation,
    _ result: inout SweepResult, _ kept: inout [String: Int]
  ) {
    guard
      let image = try? checker.cases.image(of: .universe(name: universe.name, place: place))
    else { return }
    var signature: String
    var isMended = false
    let reference = checker.observe(image)
    var isCostly = observation.isCostly(besides: reference)
    if checker.isSteady(digest, observation, image) {
      let comparison = observation.compared(to: reference)
      guard let difference = comparison.difference else { return }
      signature = difference.signature
      let mends = checker.mends(of: image, subject: observation)
      isMended = !mends.isEmpty
      if isMended { signature = mends.map { "\($0.id) \($0.rule.rawValue)" }.joined() }
    } else {
      signature = EndingKind.unsteady.name
      // It may have taken long the first time.
      isCostly = true
    }
    if isMended { result.mended += 1 } else { result.differing += 1 }
    if isCostly { result.slow.append(universe.operations[place.operation].function) }
    let kind = "\(place.operation) \(signature)"
    guard kept[kind, default: 0] < (isCostly ? 1 : examplesPerKind) else { return }
    kept[kind, default: 0] += 1
    result.examples.append(place)
  }
}
