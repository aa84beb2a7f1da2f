// SPDX-License-Identifier: GPL-2.0-only

import Benchmark
import Cases
import Engine
import Machine

/// Both sides and the catalogue's cases that come back, in tables of 512 entries.
private struct RealBench {
  let sides: InProcessSides
  let images: [MachineImage]

  init() throws {
    let sides = try InProcessSides(indexBits: 9)
    self.sides = sides
    images = try Catalogue.scenarios(mode: mode)
      .filter { $0.indexBits == 9 && sides.hasFunctions(of: $0) }
      .map { try $0.lowered() }
      .filter { sides.runSubject($0).kind == EndingKind.finished.rawValue }
  }
}

/// The catalogue, in tables of 512 entries: the whole of it a round.
func realCases() {
  measure("catalogue: load and run in C") { bench in
    for image in bench.images { bench.sides.runSubject(image) }
  }
  measure("catalogue: load and run in the port") { bench in
    for image in bench.images { bench.sides.runPort(image) }
  }
  measure("catalogue: load, run and digest in C") { bench in
    for image in bench.images {
      let ending = bench.sides.runSubject(image)
      blackHole(bench.sides.digestSubject(ending, image))
    }
  }
  measure("catalogue: checked") { bench in
    for image in bench.images { blackHole(bench.sides.check(image)) }
  }
}

private func measure(_ name: String, _ body: @escaping @Sendable (RealBench) -> Void) {
  Benchmark(name) { benchmark in
    let bench = try RealBench()
    body(bench)
    benchmark.countingAllocations { body(bench) }
  }
}
