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
  /// An object with variants of a function.
  public struct Varied: Sendable {
    /// The path of the shared object.
    public let path: String
    /// The variants that compile, by their place among those that were given. The number to choose one is one more;
    /// 0 is the function as it is.
    public let places: [Int]
  }

  /// Compiles a function with some of its repairs, and as it is, for a geometry; nil if the function as it is does
  /// not compile so.
  public func compile(
    _ function: RepairedFunction, _ portion: Range<Int>, indexBits: Int, into folder: String
  ) async throws(Failure) -> Varied? {
    try await compile(
      function.function, in: function.unit,
      portion.map { (number: $0 + 1, edits: [function.repairs[$0].edit]) },
      named: "repairs-\(function.function.name)-\(portion.lowerBound)", indexBits: indexBits,
      into: folder)
  }

  /// Compiles a function with each of the hunks, one at a time, as the reference has it, and as it is, for a geometry;
  /// nil if the function as it is does not compile so.
  public func compileHunks(
    of comparison: FunctionComparison, indexBits: Int, into folder: String
  ) async throws(Failure) -> Varied? {
    guard let function = comparison.hybrid.onlyStructure(of: comparison.name) else { return nil }
    return try await compile(
      function, in: comparison.hybrid,
      // A bracket without its partner would spoil the variants behind it, too.
      comparison.hunks.enumerated().filter { comparison.keepsBrackets(exchanging: $0.element) }
        .map { (number: $0.offset + 1, edits: [comparison.edit(exchanging: $0.element)]) },
      named: "hunks-\(comparison.name)", indexBits: indexBits, into: folder)
  }

  private func compile(
    _ function: FunctionStructure, in whole: Extraction, _ variants: [VariedUnit.Variant],
    named name: String, indexBits: Int, into folder: String
  ) async throws(Failure) -> Varied? {
    let variants = variants.filter { variant in
      variant.edits.allSatisfy { VariedUnit.allows($0, in: function) }
    }
    guard let all = VariedUnit(whole, function, variants) else { return nil }
    // gcc knows another name for it, and each leaves the other's unknown.
    let (_, isClang) = try await foundCompiler()
    let outcome = try await run(
      ["-fsyntax-only", isClang ? "-ferror-limit=0" : "-fmax-errors=0"], on: all.extraction)
    let refused = outcome.isSuccess ? [] : VariedUnit.refused(in: outcome.errors)
    let left = variants.filter { !refused.contains($0.number) }
    guard !refused.contains(0), let unit = VariedUnit(whole, function, left) else { return nil }
    let path = try await compile(
      unit.extraction, indexBits: indexBits, into: folder, named: name, isQuick: true)
    return Varied(path: path, places: left.map { $0.number - 1 })
  }
}

extension Extraction {
  /// The only function of a name; nil if there is none or more than one.
  fileprivate func onlyStructure(of name: String) -> FunctionStructure? {
    let all = structures().filter { $0.name == name }
    return all.count == 1 ? all[0] : nil
  }
}
