// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Worker

/// What an `AnswerBook` holds, in the form of its file. Most cases break the same rules in the same way, so each
/// distinct value stands in a list once: a run reads the file before its first case.
struct BookPages: Codable {
  /// By the name of a group of named or random cases: for each index the digest of every state's port, or 0 where
  /// they differ or nothing is known.
  var digests: [String: [CaseDigest]] = [:]
  /// By group and index: the hazards of such a case, if it has any, as places in `violations`.
  private var hazards: [String: [Int: [Int]]] = [:]
  /// By group and index: what comes of a case in which the ports differ, for subjects that do what one of them does.
  private var parting: [String: [Int: [PartingWords]]] = [:]
  /// By universe, operation and first state of a block.
  var blocks: [String: KeptAnswer] = [:]

  private var violations = DistinctValues<Violation>()
  private var comparisons = DistinctValues<ComparisonResult>()
  private var endings = DistinctValues<Ending>()

  /// The number of results that a case in which the ports differ may have. What a subject spells is its own word, so it
  /// must not fill the book.
  private static let mostPartingAnswers = 6

  /// The digest of a case that is the same in every state; nil where it is not known.
  func digest(_ group: String, _ index: Int) -> CaseDigest? {
    guard let digests = digests[group], digests.indices.contains(index), digests[index] != 0 else {
      return nil
    }
    return digests[index]
  }

  /// The hazards of such a case; nil if the file is damaged.
  func hazards(_ group: String, _ index: Int) -> [Violation]? {
    let places = hazards[group]?[index] ?? []
    let found = places.compactMap { violations[$0] }
    return found.count == places.count ? found : nil
  }

  /// Keeps a case that is the same in every state.
  mutating func keep(_ digest: CaseDigest, _ broken: [Violation], _ group: String, _ index: Int) {
    let missing = index + 1 - (digests[group]?.count ?? 0)
    if missing > 0 { digests[group, default: []] += Array(repeating: 0, count: missing) }
    digests[group]?[index] = digest
    hazards[group, default: [:]][index] =
      broken.isEmpty ? nil : broken.map { violations.place(of: $0) }
  }

  /// Whether something is known of a case in which the ports differ.
  func knowsParting(_ group: String, _ index: Int) -> Bool { parting[group]?[index] != nil }

  /// What comes of such a case for a subject that answers this; nil where it is not known.
  func result(_ answer: CaseAnswer, _ group: String, _ index: Int) -> CaseResult? {
    parting[group]?[index]?.first { Self.isOf(answer, $0) }.flatMap(result)
  }

  /// Keeps what comes of such a case. Returns false if the book has it, or enough of its kind.
  mutating func keep(
    _ result: CaseResult, _ answer: CaseAnswer, _ group: String, _ index: Int
  ) -> Bool {
    let known = parting[group]?[index] ?? []
    guard known.count < Self.mostPartingAnswers, !known.contains(where: { Self.isOf(answer, $0) })
    else { return false }
    parting[group, default: [:]][index, default: []].append(words(of: result, answer))
    return true
  }

  // MARK: - Words

  /// A result with its answer: digest, spellings, ending, whether it is costly, then four lists of places, each after
  /// its length: comparisons, and the subject's own, shared and mended violations.
  private typealias PartingWords = [UInt64]

  private static func isOf(_ answer: CaseAnswer, _ words: PartingWords) -> Bool {
    words.count > 4 && words[0] == answer.digest && words[0] != 0
      && words[1] == UInt64(answer.spellings.rawValue)
  }

  private mutating func words(of result: CaseResult, _ answer: CaseAnswer) -> PartingWords {
    var words = [
      answer.digest, UInt64(answer.spellings.rawValue), UInt64(endings.place(of: result.ending)),
      result.isCostly ? 1 : 0,
    ]
    func add(_ places: [Int]) {
      words.append(UInt64(places.count))
      words += places.map { UInt64($0) }
    }
    add(result.comparisons.map { comparisons.place(of: $0) })
    for broken in [result.broken.own, result.broken.shared, result.broken.mended] {
      add(broken.map { violations.place(of: $0) })
    }
    return words
  }

  /// Nil for words that no result has: the file may be damaged.
  private func result(of words: PartingWords) -> CaseResult? {
    var rest = words.dropFirst(2)
    func next() -> Int? { rest.popFirst().flatMap { Int(exactly: $0) } }
    func list<Value>(_ values: DistinctValues<Value>) -> [Value]? {
      guard let count = next(), count <= rest.count else { return nil }
      let found = (0..<count).compactMap { _ in next().flatMap { values[$0] } }
      return found.count == count ? found : nil
    }
    guard let ending = next().flatMap({ endings[$0] }), let isCostly = next(),
      let comparisons = list(comparisons), let own = list(violations),
      let shared = list(violations), let mended = list(violations), rest.isEmpty
    else { return nil }
    return CaseResult(
      comparisons: comparisons, ending: ending, isCostly: isCostly != 0,
      broken: BrokenRules(own: own, shared: shared, mended: mended))
  }
}

/// Values that occur many times, each kept once.
private struct DistinctValues<Value: Hashable & Codable & Sendable>: Codable {
  private var values: [Value] = []
  private var places: [Value: Int] = [:]

  init() {}

  init(from decoder: any Decoder) throws {
    values = try decoder.singleValueContainer().decode([Value].self)
    places = Dictionary(zip(values, values.indices)) { first, _ in first }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(values)
  }

  subscript(_ place: Int) -> Value? { values.indices.contains(place) ? values[place] : nil }

  mutating func place(of value: Value) -> Int {
    if let place = places[value] { return place }
    places[value] = values.count
    values.append(value)
    return values.count - 1
  }
}
