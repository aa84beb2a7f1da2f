// SPDX-License-Identifier: GPL-2.0-only

import Benchmark
import CAllocationCount
import Cases
import Engine
import Machine

/// How often memory was asked for in a whole measured round, whatever the number of cases in it.
let allocations = BenchmarkMetric.custom(
  "allocations a round", polarity: .prefersSmaller, useScalingFactor: false)

extension Benchmark {
  /// Counts the allocations of what is measured, on this thread.
  func countingAllocations(_ body: () -> Void) {
    startMeasurement()
    let before = mhp_allocation_count()
    body()
    let after = mhp_allocation_count()
    stopMeasurement()
    measurement(allocations, Int(after - before))
  }
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .cpuTotal, .throughput, allocations], warmupIterations: 3,
    scalingFactor: .one, maxDuration: .seconds(2), maxIterations: 200)
  smallCases()
  realCases()
  preparation()
}

/// The mode that stands for all: its tables have every kind of level but one.
let mode = Architecture.riscv.modes[1]
