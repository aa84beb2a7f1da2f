// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-2.0-only
import PackageDescription

let package = Package(
  name: "mhpcheck-benchmarks",
  dependencies: [
    .package(name: "mhpcheck", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(
      name: "CAllocationCount", path: "CAllocationCount",
      cSettings: [.unsafeFlags(["-std=gnu11", "-Wall", "-Wextra", "-fno-builtin"])]),
    .executableTarget(
      name: "CaseBenchmarks",
      dependencies: [
        "CAllocationCount",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "MhpcheckModules", package: "mhpcheck"),
      ],
      path: "CaseBenchmarks", swiftSettings: [.swiftLanguageMode(.v6)],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ]
)
