// SPDX-License-Identifier: GPL-2.0-only

import Benchmark
import Cases
import Machine

/// What comes before a case: the universe's cursor, lowering, and the JSON of scenarios.
func preparation() {
  Benchmark("universe cursor: every call over 24 states") { benchmark in
    let universe = universe("linear")
    var cursor = UniverseCursor(universe)
    walk(&cursor)
    benchmark.countingAllocations { walk(&cursor) }
  }

  Benchmark("catalogue: lower every scenario") { benchmark in
    let scenarios = Catalogue.scenarios(mode: mode)
    benchmark.countingAllocations {
      for scenario in scenarios { blackHole(try? scenario.lowered()) }
    }
  }

  Benchmark("catalogue: write every scenario as JSON") { benchmark in
    let scenarios = Catalogue.scenarios(mode: mode)
    benchmark.countingAllocations {
      for scenario in scenarios { blackHole(scenario.jsonText()) }
    }
  }

  Benchmark("catalogue: read every scenario from JSON") { benchmark in
    let texts = Catalogue.scenarios(mode: mode).map { $0.jsonText() }
    benchmark.countingAllocations {
      for text in texts { blackHole(try? Scenario(jsonText: text)) }
    }
  }
}

private func walk(_ cursor: inout UniverseCursor) {
  let universe = cursor.universe
  let middle = universe.stateCount / 2
  for state in middle..<middle + 24 {
    cursor.setState(state)
    for operation in universe.operations.indices {
      for range in 0..<universe.rangeCount {
        cursor.setCall(operation, range: range)
        blackHole(cursor.image.operations.count)
      }
    }
  }
}
