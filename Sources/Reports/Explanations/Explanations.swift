// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port
import Subjects

/// The explanations of all ids. Sentences that another module has come from there; only additional text is
/// here.
public enum Explanations {
  /// The ids of a kind, in the order of its list. A case in several modes appears once.
  public static func ids(_ kind: Explanation.Kind) -> [String] {
    switch kind {
    case .fix: UpstreamFixes.all.map(\.commit)
    case .commit: SeriesCommit.allCases.map(\.hash).filter { UpstreamFixes(commit: $0) == nil }
    case .hazard: Hazard.ID.allCases.map(\.rawValue) + [unlistedID]
    case .rule: OracleRule.allCases.sorted().map(\.rawValue)
    case .equivalence: EquivalenceRule.allCases.map(\.rawValue)
    case .defect: DefectClass.all.map(\.id)
    case .function: KernelFunction.allCases.map(\.name)
    case .case: caseIDs
    case .universe: universes.map(\.name)
    case .confirmation: ConfirmCases.all.map { confirmPrefix + $0.id }
    }
  }

  /// The explanation of an id, in upper or lower case; nil when the id is unknown. Seven digits of a commit
  /// and the number of a class of defects are enough; "@MODE" of a case is optional.
  public static func find(_ id: String) -> Explanation? {
    let name = id.lowercased()
    if let fix = UpstreamFixes.all.first(where: { UpstreamFixes(commit: name) == $0.fix }) {
      return explanation(of: fix)
    }
    if name.count >= 7, name.allSatisfy(\.isHexDigit),
      let commit = SeriesCommit.allCases.first(where: {
        $0.hash.hasPrefix(name) || name.hasPrefix($0.hash)
      })
    {
      return explanation(of: commit)
    }
    if let hazard = Hazard.ID.allCases.first(where: { $0.rawValue.lowercased() == name }) {
      return explanation(of: hazard)
    }
    if name == unlistedID { return unlistedHazards }
    if let rule = OracleRule(rawValue: name) { return explanation(of: rule) }
    if let rule = EquivalenceRule(rawValue: name) { return explanation(of: rule) }
    let number = Int(name) ?? (name.hasPrefix("class-") ? Int(name.dropFirst(6)) : nil)
    if let defect = DefectClass.all.first(where: { $0.number == number }) {
      return explanation(of: defect)
    }
    if let function = KernelFunction(name: name) { return explanation(of: function) }
    if let universe = universes.first(where: { $0.name == name }) {
      return explanation(of: universe)
    }
    if name.hasPrefix(confirmPrefix),
      let found = ConfirmCases.all.first(where: { confirmPrefix + $0.id == name })
    {
      return explanation(of: found)
    }
    return caseNamed(name).map { explanation(of: $0) }
  }

  /// The known ids that are nearest to an unknown one, nearest first.
  public static func nearest(to id: String, count: Int = 3) -> [String] {
    nearest(to: id, among: Explanation.Kind.allCases.flatMap { ids($0) }, count: count)
  }

  /// The same among given ids.
  public static func nearest(to id: String, among known: [String], count: Int = 3) -> [String] {
    let name = String(id.lowercased().prefix(80))
    return known.map { (distance: EditDistance.between(name, $0.lowercased()), id: $0) }
      .sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.prefix(count).map(\.id)
  }

  static let unlistedID = "unlisted"
  /// The prefix that distinguishes a case for running kernels from one of the catalogue.
  static let confirmPrefix = "confirm/"

  /// The catalogue's cases, with the modes of fewest levels first.
  static let catalogue = Catalogue.all()
  static let universes = Architecture.riscv.modes.flatMap { Universe.universes(.deep, mode: $0) }

  private static let caseIDs: [String] = {
    var seen: Set<String> = []
    return catalogue.map(\.id).filter { seen.insert($0).inserted }
  }()

  /// The catalogue's cases by lower-case id.
  static let casesByID = Dictionary(grouping: catalogue) { $0.id.lowercased() }

  /// The case of the catalogue that is explained; nil for all else.
  static func scenario(of explanation: Explanation) -> Scenario? {
    explanation.kind == .case ? caseNamed(explanation.id.lowercased()) : nil
  }

  private static func caseNamed(_ name: String) -> Scenario? {
    let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    return casesByID[String(parts[0])]?.first { parts.count < 2 || $0.mode == parts[1] }
  }
}

/// The distance between two words.
enum EditDistance {
  /// The Levenshtein distance: the number of insertions, deletions and substitutions of Unicode scalars.
  static func between(_ one: String, _ other: String) -> Int {
    let (left, right) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
    var row = Array(0...right.count)
    for (line, letter) in left.enumerated() {
      var corner = row[0]
      row[0] = line + 1
      for (column, candidate) in right.enumerated() {
        let exchanged = corner + (letter == candidate ? 0 : 1)
        corner = row[column + 1]
        row[column + 1] = min(exchanged, row[column] + 1, corner + 1)
      }
    }
    return row[right.count]
  }
}
