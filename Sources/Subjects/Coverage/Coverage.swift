// SPDX-License-Identifier: GPL-2.0-only

/// What a run reached of a subject's own text, as a value. It is what the subject says of itself: no
/// verdict rests on it.
public struct Coverage: Sendable, Hashable {
  /// How many there are, and how many were reached.
  public struct Share: Sendable, Hashable {
    /// All that are compiled.
    public var total = 0
    /// Those that were reached.
    public var reached = 0

    public init(total: Int = 0, reached: Int = 0) {
      self.total = total
      self.reached = reached
    }

    mutating func add(_ isReached: Bool) {
      total += 1
      if isReached { reached += 1 }
    }

    static func + (left: Share, right: Share) -> Share {
      Share(total: left.total + right.total, reached: left.reached + right.reached)
    }
  }

  /// What was reached of a function.
  public struct Function: Sendable, Hashable {
    /// The function and its points.
    public var function: CoveredFunction
    /// Whether the configuration leaves it in.
    public var isCompiled: Bool
    /// Lines on which a statement begins.
    public var lines = Share()
    /// Ways on from where control parts.
    public var branches = Share()
    /// Outcomes of the operands of conditions.
    public var conditions = Share()
    /// Points that are compiled and were not reached, in the order of the text. Of a line with several
    /// statements, the first stands for all.
    public var unreached: [CoveragePoint] = []
    /// Choices that the configuration or a header decides, in the order of the text, by the side that
    /// is left out.
    public var decided: [CoveragePoint] = []
    /// Branches that were not reached and are argued to be out of reach: they count for nothing.
    public var argued: [ArguedBranch] = []
    /// What is known of each line on which a statement begins.
    public var states: [CoverageLine: LineState] = [:]
  }

  /// What is known of a line.
  public enum LineState: String, Sendable, Hashable, Codable {
    case reached
    case unreached
    /// An `#if`, or a condition that the configuration or a header decides, leaves it out; or it is argued
    /// to be out of reach.
    case notCompiled
  }

  /// In the order of the text.
  public var functions: [Function]
  /// The subject's own macros that decide something; they are not looked into.
  public var macros: [String]

  /// What marks say of a subject.
  public init(_ map: CoverageMap, reached: MarkSet) {
    macros = map.macros
    functions = map.functions.map { Function($0, map: map, reached: reached) }
  }

  /// Of all functions.
  public var lines: Share { functions.reduce(Share()) { $0 + $1.lines } }
  /// Of all functions.
  public var branches: Share { functions.reduce(Share()) { $0 + $1.branches } }
  /// Of all functions.
  public var conditions: Share { functions.reduce(Share()) { $0 + $1.conditions } }

  /// The branches that no case reached, in the order of the text; of a function that was never entered,
  /// its entry alone, which says it all.
  public var unreachedBranches: [(function: String, point: CoveragePoint)] {
    functions.flatMap { covered in
      let entry = covered.unreached.filter { $0.kind == .entry }
      let points = entry.isEmpty ? covered.unreached.filter { $0.kind == .branch } : entry
      return points.map { (covered.function.name, $0) }
    }
  }

  /// Whether every branch, and every function, was reached.
  public var hasAllBranches: Bool { unreachedBranches.isEmpty }

  /// Whether nothing is left to be reached.
  public var isWhole: Bool { functions.allSatisfy(\.unreached.isEmpty) }
}

extension Coverage.Function {
  init(_ function: CoveredFunction, map: CoverageMap, reached: MarkSet) {
    func isCompiled(_ point: CoveragePoint) -> Bool {
      map.compiled.contains(point.mark)
        && !point.sides.contains { side in
          map.decided.contains(min(side.mark, side.other)) && !reached.contains(side.mark)
            && reached.contains(side.other)
        }
    }
    self.function = function
    let argued = function.points.filter { !reached.contains($0.mark) }.compactMap { point in
      ArguedBranch.about(point, of: function.name).map { (mark: point.mark, branch: $0) }
    }
    let outOfReach = Set(argued.map(\.mark))
    self.argued = argued.map(\.branch)
    for line in function.leftOut { states[line] = .notCompiled }
    self.isCompiled = function.points.contains(where: isCompiled)
    for point in function.points {
      let isReached = reached.contains(point.mark)
      let isArgued =
        outOfReach.contains(point.mark) || point.sides.contains { outOfReach.contains($0.mark) }
      guard isCompiled(point), isReached || !isArgued else {
        if point.kind == .statement, states[point.line] == nil {
          states[point.line] = .notCompiled
        }
        continue
      }
      if let choice = point.choice, map.decided.contains(choice) {
        let isOther = reached.contains(point.mark == choice ? choice + 1 : choice)
        if point.kind == .branch, !isReached, isOther { decided.append(point) }
        continue
      }
      switch point.kind {
      case .entry: break
      case .statement:
        // One that was reached says that the line was.
        let before = states[point.line]
        if before == .reached { continue }
        states[point.line] = isReached ? .reached : .unreached
        if before == .unreached, !isReached { continue }
      case .branch: branches.add(isReached)
      case .condition: conditions.add(isReached)
      }
      if !isReached { unreached.append(point) }
    }
    unreached.removeAll { $0.kind == .statement && states[$0.line] == .reached }
    for state in states.values where state != .notCompiled { lines.add(state == .reached) }
  }
}
