// SPDX-License-Identifier: GPL-2.0-only

/// The parts of a subject's own text that a run reached. The subject itself reports them, so no verdict
/// depends on them.
public struct Coverage: Sendable, Hashable {
  /// A number of points, and the number of those that were reached.
  public struct Share: Sendable, Hashable {
    /// All compiled points.
    public var total = 0
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

  /// The coverage of one function.
  public struct Function: Sendable, Hashable {
    /// The function and its points.
    public var function: CoveredFunction
    /// Whether the configuration compiles it.
    public var isCompiled: Bool
    /// Lines on which a statement begins.
    public var lines = Share()
    /// The branches of the control flow.
    public var branches = Share()
    /// Outcomes of the operands of conditions.
    public var conditions = Share()
    /// The compiled points that the run did not reach, in the order of the text. The first statement on a
    /// line stands for all statements on it.
    public var unreached: [CoveragePoint] = []
    /// Choices that the configuration or a header decides, in the order of the text. Each entry is the side
    /// that never runs.
    public var decided: [CoveragePoint] = []
    /// Unreached branches that are argued to be unreachable. They do not count.
    public var argued: [ArguedBranch] = []
    /// The state of each line on which a statement begins.
    public var states: [CoverageLine: LineState] = [:]
  }

  public enum LineState: String, Sendable, Hashable, Codable {
    case reached
    case unreached
    /// An `#if` excludes it, or a condition that the configuration or a header decides; or it is argued to be
    /// unreachable.
    case notCompiled
  }

  /// The functions, in the order of the text.
  public var functions: [Function]
  /// The subject's own macros that contain decisions. Coverage does not look into them.
  public var macros: [String]

  /// The coverage of a subject whose run made the marks `reached`.
  public init(_ map: CoverageMap, reached: MarkSet) {
    macros = map.macros
    functions = map.functions.map { Function($0, map: map, reached: reached) }
  }

  /// The lines of all functions.
  public var lines: Share { functions.reduce(Share()) { $0 + $1.lines } }
  /// The branches of all functions.
  public var branches: Share { functions.reduce(Share()) { $0 + $1.branches } }
  /// The conditions of all functions.
  public var conditions: Share { functions.reduce(Share()) { $0 + $1.conditions } }

  /// The branches that no case reached, in the order of the text. A function that no case entered has its
  /// entry here, and no branches.
  public var unreachedBranches: [(function: String, point: CoveragePoint)] {
    functions.flatMap { covered in
      let entry = covered.unreached.filter { $0.kind == .entry }
      let points = entry.isEmpty ? covered.unreached.filter { $0.kind == .branch } : entry
      return points.map { (covered.function.name, $0) }
    }
  }

  /// Whether the run reached every branch and every function.
  public var hasAllBranches: Bool { unreachedBranches.isEmpty }

  /// Whether the run reached every point.
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
        // One reached statement makes the line reached.
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
