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
  static let oracleShare = 1021

  private let checker: CaseChecker
  private var walk: SweepWalk?

  init(fixes: UpstreamFixes, kernel: KernelOptions = .standard) {
    checker = CaseChecker(fixes: [fixes], kernel: kernel)
  }

  /// Runs a part in a worker and checks every case of it; nil when the worker is gone, or when its answer is
  /// not credible.
  func check(
    _ part: SweepPart, with conversation: Exchange.Conversation
  ) async throws -> SweepResult? {
    // Slow cases end a part, so their number limits the time for a part.
    guard case .swept(let digests)? = try await conversation.ask(.sweep(part), slow: 50) else {
      return nil
    }
    let universe = try checker.cases.universe(named: part.universe)
    let all = Int(part.caseCount)
    guard digests.count <= all else { return nil }
    var result = SweepResult()
    result.cases = UInt64(digests.count)
    var open = mismatches(part, universe, digests, &result)[...]
    var kept: [String: Int] = [:]
    while !open.isEmpty, result.differing < enough {
      let places = open.prefix(casesAtOnce).map { part.place($0) }
      let asked = places.map { CaseReference.universe(name: universe.name, place: $0) }
      guard let observed = try await conversation.observations(of: asked) else { return nil }
      for (index, (place, observation)) in zip(open, zip(places, observed)) {
        note(place, of: universe, digests[index], observation, &result, &kept)
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
    var result = SweepResult()
    return mismatches(part, universe, digests, &result)
  }

  private func mismatches(
    _ part: SweepPart, _ universe: Universe, _ digests: [CaseDigest], _ result: inout SweepResult
  ) -> [Int] {
    var current = SweepWalk.taken(from: &walk, for: universe)
    let port = checker.port
    let words = current.wordsPerCase
    var found: [Int] = []
    var place = 0
    for state in part.states where place < digests.count {
      _ = current.runState(state, of: part) { cursor in
        let (digest, ending) = port.answer(cursor.image, words: words)
        if digest != digests[place] {
          found.append(place)
        } else if place % Self.oracleShare == 0 {
          judge(
            port.observation(ending, of: cursor.image), cursor.image, part.place(place), &result)
        }
        place += 1
        return place < digests.count
      }
    }
    self.walk = current
    return found
  }

  private func judge(
    _ observation: Observation, _ image: MachineImage, _ place: UniverseCase,
    _ result: inout SweepResult
  ) {
    result.judged += 1
    for violation in checker.violations(image, [observation]) {
      result.hazards[violation.kind] = min(result.hazards[violation.kind] ?? place, place)
    }
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
