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
  /// The number of differing cases after which a part, and its universe, is cut short: more of them cost time and
  /// show nothing new. It is smaller than the number after which a worker ends the part.
  static let enough: UInt64 = 200
  /// The number of slices of a part that is compared case by case.
  private let slicesPerPart = 8
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
    let compared = try await compare(part, of: universe, with: conversation)
    if known == nil, let compared, compared.isSame(as: part), part.isWhole(in: universe) {
      kept?.keep(compared.judged, folds: part.folds(of: compared.digests), for: part)
    }
    return compared?.result
  }

  /// What a comparison case by case has found so far.
  private struct Comparison {
    var result = SweepResult()
    /// The subject's digests of the cases that were compared.
    var digests: [CaseDigest] = []
    /// The oracle's judgement of the port, by operation.
    var judged: [Int: KeptAnswer] = [:]
    /// The number of examples of each kind.
    var kinds: [String: Int] = [:]
    /// Whether every digest was the port's.
    var isSame = true

    /// Whether all cases of a part were compared and found the same.
    func isSame(as part: SweepPart) -> Bool { isSame && digests.count == Int(part.caseCount) }
  }

  /// Compares case by case, slice by slice, because a part that differs is cut short soon.
  private func compare(
    _ part: SweepPart, of universe: Universe, with conversation: Exchange.Conversation
  ) async throws -> Comparison? {
    var all = Comparison()
    let slices = part.slices(slicesPerPart)
    for (number, slice) in slices.enumerated() {
      guard try await compare(slice, of: universe, into: &all, with: conversation) else {
        return nil
      }
      if all.result.isCutShort { break }
      if !all.result.rest.isEmpty {
        all.result.rest += slices[(number + 1)...]
        break
      }
    }
    for answer in all.judged.values { all.result.add(answer) }
    return all
  }

  /// Adds the comparison of a slice; false when the worker is gone, or when its answer is not credible.
  private func compare(
    _ part: SweepPart, of universe: Universe, into all: inout Comparison,
    with conversation: Exchange.Conversation
  ) async throws -> Bool {
    // Slow cases end a part, so their number limits the time for a part.
    guard case .swept(let digests)? = try await conversation.ask(.sweep(part), slow: 50) else {
      return false
    }
    let count = Int(part.caseCount)
    guard digests.count <= count else { return false }
    all.result.cases += UInt64(digests.count)
    all.digests += digests
    var open = mismatches(part, universe, digests, &all.judged)[...]
    if !open.isEmpty { all.isSame = false }
    let slow = all.result.slow.count
    while !open.isEmpty, all.result.differing < Self.enough {
      let places = open.prefix(casesAtOnce).map { part.place($0) }
      let asked = places.map { CaseReference.universe(name: universe.name, place: $0) }
      guard let observed = try await conversation.observations(of: asked) else { return false }
      for (index, (place, observation)) in zip(open, zip(places, observed)) {
        note(place, of: universe, digests[index], observation, &all.result, &all.kinds)
      }
      open = open.dropFirst(casesAtOnce)
    }
    all.result.isCutShort = !open.isEmpty
    if digests.count < count, !all.result.isCutShort {
      // A part that ended early without a slow case as the reason is not credible: its cases run separately.
      if all.result.differing >= Self.enough {
        all.result.isCutShort = true
      } else if all.result.slow.count > slow {
        all.result.rest = part.rest(after: digests.count)
      } else {
        return false
      }
    }
    return true
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
      let comparison = observation.compared(to: reference, in: image)
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
