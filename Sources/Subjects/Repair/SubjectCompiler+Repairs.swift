// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A function of a subject in a unit of its own, and its repairs.
public struct RepairedFunction: Sendable {
  /// The unit, the function in it and what may make the function right, the most likely first.
  let unit: Extraction
  let function: FunctionStructure
  public let repairs: [Repair]

  /// Collects the repairs of a function; nil if a text has it more than once, or cannot be edited.
  ///
  /// - Parameters:
  ///   - name: the C name.
  ///   - subject: the subject, whose lines are the user's.
  ///   - unit: what is compiled: the reference with the subject's function.
  ///   - reference: the reference, for pieces of its text.
  public init?(
    _ name: String, of subject: Extraction, in unit: Extraction, with reference: Extraction
  ) {
    guard let function = unit.onlyStructure(of: name),
      let own = subject.onlyStructure(of: name),
      own.tokens.map(\.text) == function.tokens.map(\.text)
    else { return nil }
    let theirs = reference.structures()
    let model = theirs.first { $0.name == name }
    let called = Set(model?.tokens.filter { $0.kind == .word }.map(\.text) ?? [])
    let helpers = theirs.filter {
      called.contains($0.name) && $0.name != name && !SurfaceNames.all.contains($0.name)
    }
    let repairs = RepairMaker.repairs(
      of: function, own: own.tokens,
      material: ReferenceMaterial(model, helpers: helpers, for: LocalVariables(function)))
    guard !repairs.isEmpty else { return nil }
    self.unit = unit
    self.function = function
    self.repairs = repairs
  }

  /// The repairs in portions, by their numbers, each of which one compilation holds.
  public var portions: [Range<Int>] {
    let size = max(1, Self.mostTokens / function.tokens.count)
    return stride(from: 0, to: repairs.count, by: size).prefix(Self.mostPortions).map {
      $0..<min($0 + size, repairs.count)
    }
  }

  /// A compiler takes half a second for so many.
  private static let mostTokens = 40_000
  private static let mostPortions = 2
}

extension SubjectCompiler {
  /// Compiles a function with some of its repairs, and as it is, for a geometry.
  ///
  /// - Returns: the shared object's path, and the numbers of the repairs that compile; in the object, the number of a
  ///   repair is one more than its index. Nil if the function as it is does not compile so.
  public func compile(
    _ function: RepairedFunction, _ portion: Range<Int>, indexBits: Int, into folder: String
  ) async throws(Failure) -> (path: String, indices: [Int])? {
    let numbered = portion.map { (number: $0 + 1, repair: function.repairs[$0]) }
    guard let all = RepairedUnit(function.unit, function.function, numbered) else { return nil }
    // gcc knows another name for it, and each leaves the other's unknown.
    let (_, isClang) = try await foundCompiler()
    let outcome = try await run(
      ["-fsyntax-only", isClang ? "-ferror-limit=0" : "-fmax-errors=0"], on: all.extraction)
    let refused = outcome.isSuccess ? [] : RepairedUnit.refused(in: outcome.errors)
    let left = numbered.filter { !refused.contains($0.number) }
    guard !refused.contains(0), !left.isEmpty,
      let unit = RepairedUnit(function.unit, function.function, left)
    else { return nil }
    let path = try await compile(
      unit.extraction, indexBits: indexBits, into: folder,
      named: "repairs-\(function.function.name)-\(portion.lowerBound)", isQuick: true)
    return (path, left.map { $0.number - 1 })
  }
}

extension Extraction {
  /// The only function of a name; nil if there is none or more than one.
  fileprivate func onlyStructure(of name: String) -> FunctionStructure? {
    let all = structures().filter { $0.name == name }
    return all.count == 1 ? all[0] : nil
  }
}
