// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// Measures both sides on the same cases: a slice of the universes of each mode in tables of two
/// entries, then the catalogue and the large teardowns in tables of 512.
public struct BenchRun {
  /// The amount of work to measure.
  public struct Plan: Hashable, Sendable {
    /// The modes, in order.
    public var modes: [PagingMode]
    /// The number of runs of a set of cases in each of the three ways; the shortest counts.
    public var rounds: Int
    /// The approximate number of cases of each universe.
    public var casesAUniverse: UInt64
    /// The divisor of the memory that the large teardowns map.
    public var divisor: UInt64

    /// A plan for figures to rely on.
    public static func full(_ modes: [PagingMode]) -> Plan {
      Plan(modes: modes, rounds: 7, casesAUniverse: 50_000, divisor: 1)
    }

    /// A plan that only shows that everything can be measured.
    public static func quick(_ modes: [PagingMode]) -> Plan {
      Plan(modes: modes, rounds: 1, casesAUniverse: 4_000, divisor: 16)
    }
  }

  private static let smallBits: UInt64 = 1
  private static let realBits: UInt64 = 9
  private static let placesAUniverse: UInt64 = 32

  private let plan: Plan
  private let note: (String) -> Void

  /// A run that reports its progress to `note`.
  public init(_ plan: Plan, note: @escaping (String) -> Void = { _ in }) {
    self.plan = plan
    self.note = note
  }

  /// Measures everything. Throws if the sides do not agree, because then there is nothing to measure.
  public func report() throws(Failure) -> BenchReport {
    var rows: [BenchRow] = []
    do {
      let small = try InProcessSides(indexBits: Self.smallBits)
      for mode in plan.modes { rows.append(try universes(mode, small)) }
    } catch {
      throw Self.error(error)
    }
    do {
      let real = try InProcessSides(indexBits: Self.realBits)
      for mode in plan.modes { rows.append(try catalogue(mode, real)) }
      for mode in plan.modes {
        for teardown in LargeTeardown.all where teardown.fits(mode) {
          rows.append(try large(teardown.divided(by: plan.divisor), mode, real))
        }
      }
    } catch {
      throw Self.error(error)
    }
    return BenchReport(rows: rows)
  }

  private static func error(_ error: any Error) -> Failure {
    error as? Failure ?? Failure(.incomplete, "\(error)")
  }

  private func universes(_ mode: PagingMode, _ sides: InProcessSides) throws -> BenchRow {
    note("\(mode.name) universes")
    var total = Timing()
    var cases = 0
    for universe in SmallSlice.universes(mode) {
      let slice = SmallSlice(
        universe, cases: plan.casesAUniverse, places: Self.placesAUniverse)
      var agreeing = 0
      for part in slice.parts {
        total += Timing.shortest(rounds: plan.rounds) {
          sides.runSubject(part, of: universe)
        } port: {
          sides.runPort(part, of: universe)
        } checked: {
          agreeing += sides.check(part, of: universe)
        }
      }
      cases += slice.caseCount
      guard agreeing == slice.caseCount * (plan.rounds + 1) else {
        throw Failure(
          .incomplete,
          "the sides differ in universe \(universe.name): run mhpcheck check builtin")
      }
    }
    return BenchRow(
      geometry: 1 << Self.smallBits, mode: mode.name, name: "universes", cases: cases,
      total: total)
  }

  private func catalogue(_ mode: PagingMode, _ sides: InProcessSides) throws -> BenchRow {
    note("\(mode.name) catalogue")
    let images = try Catalogue.scenarios(mode: mode).filter {
      $0.indexBits == Self.realBits && sides.hasFunctions(of: $0)
    }
    .map { try $0.lowered() }
    // A case that ends in a fault costs two signals, whatever else it does.
    .filter { sides.runSubject($0).kind == EndingKind.finished.rawValue }
    var differing = 0
    let total = Timing.shortest(rounds: plan.rounds) {
      for image in images { sides.runSubject(image) }
    } port: {
      for image in images { sides.runPort(image) }
    } checked: {
      for image in images where !sides.check(image) { differing += 1 }
    }
    guard differing == 0 else {
      throw Failure(
        .incomplete,
        "the sides differ in the catalogue of \(mode.name): run mhpcheck check builtin")
    }
    return BenchRow(
      geometry: 1 << Self.realBits, mode: mode.name, name: "catalogue", cases: images.count,
      total: total)
  }

  private func large(
    _ teardown: LargeTeardown, _ mode: PagingMode, _ sides: InProcessSides
  ) throws -> BenchRow {
    note("\(mode.name) \(teardown.name)")
    let image = teardown.image(mode: mode)
    guard sides.runSubject(image).kind == EndingKind.finished.rawValue else {
      throw Failure(.incomplete, "\(teardown.name) in \(mode.name) does not complete")
    }
    var agrees = true
    let total = Timing.shortest(rounds: plan.rounds) {
      sides.runSubject(image)
    } port: {
      sides.runPort(image)
    } checked: {
      agrees = sides.check(image) && agrees
    }
    guard agrees else {
      throw Failure(.incomplete, "the sides differ in \(teardown.name) in \(mode.name)")
    }
    return BenchRow(
      geometry: 1 << Self.realBits, mode: mode.name, name: teardown.name, cases: 1, total: total)
  }
}
