// SPDX-License-Identifier: GPL-2.0-only

import Benchmark
import Cases
import Engine
import Machine
import Worker

/// Both sides and a part of a universe with tables of two entries. A process has one machine, so it is
/// made where a benchmark begins, and goes with it.
private struct SmallBench {
  let sides: InProcessSides
  let universe: Universe
  let part: SweepPart

  init(_ family: String) throws {
    sides = try InProcessSides(indexBits: 1)
    universe = CaseBenchmarks.universe(family)
    let middle = universe.stateCount / 2
    part = SweepPart(universe, states: middle..<middle + 24)
  }
}

/// The largest universe of a family in standard depth.
func universe(_ family: String) -> Universe {
  let name = "\(mode.name)/\(family)/spine"
  guard let found = Universe.named(name, among: [mode]) else {
    preconditionFailure("there is no universe \(name)")
  }
  return found
}

/// Cases with tables of two entries: 24 states of a universe, with every operation and range.
func smallCases() {
  for family in ["linear", "vmemmap", "add"] {
    measure("small \(family): load and run in C", family) { bench in
      bench.sides.runSubject(bench.part, of: bench.universe)
    }
    measure("small \(family): load and run in the port", family) { bench in
      bench.sides.runPort(bench.part, of: bench.universe)
    }
    measure("small \(family): checked", family) { bench in
      blackHole(bench.sides.check(bench.part, of: bench.universe))
    }
  }
}

private func measure(
  _ name: String, _ family: String, _ body: @escaping @Sendable (SmallBench) -> Void
) {
  Benchmark(name) { benchmark in
    let bench = try SmallBench(family)
    // The first round makes the buffers; what is measured is the steady state.
    body(bench)
    benchmark.countingAllocations { body(bench) }
  }
}
