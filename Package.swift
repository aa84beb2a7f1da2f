// swift-tools-version: 6.1
// SPDX-License-Identifier: GPL-2.0-only
import Foundation
import PackageDescription

/// CI sets MHPCHECK_WERROR=1: a warning is an error there, in Swift and in C.
let strict = ProcessInfo.processInfo.environment["MHPCHECK_WERROR"] == "1"

let swiftSettings: [SwiftSetting] =
  [.swiftLanguageMode(.v6)] + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

/// For the modules whose loops run for every case. Debug builds, which tests link, check who accesses what.
let hotSettings =
  swiftSettings
  + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let cSettings: [CSetting] = [
  .unsafeFlags(["-std=gnu11", "-Wall", "-Wextra"] + (strict ? ["-Werror"] : []))
]

/// `make docs` sets MHPCHECK_DOCS=1: nothing else needs the plugin that makes documentation.
let documentation: [Package.Dependency] =
  ProcessInfo.processInfo.environment["MHPCHECK_DOCS"] == "1"
  ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "mhpcheck",
  products: [
    .executable(name: "mhpcheck", targets: ["mhpcheck"]),
    .executable(name: "mhpcheck-worker", targets: ["mhpcheck-worker"]),
    // For the benchmarks in Benchmarks/, a package of their own.
    .library(
      name: "MhpcheckModules",
      targets: ["PageTables", "MachineModel", "HotplugPort", "Scenarios", "Execution"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(
      url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ] + documentation,
  targets: [
    // The machine that subjects run on: host-side C, with libc, never the stub headers.
    .target(
      name: "CKernelShim", path: "CKernelShim", exclude: ["subject", "text", "README.md"],
      sources: ["machine", "reproducer"], resources: [.copy("stubs")], publicHeadersPath: "include",
      cSettings: cSettings, linkerSettings: [.linkedLibrary("seccomp")]),
    // What a reproducer needs beside the stub headers, as text: the machine's own sources.
    .target(
      name: "CMachineText", path: "CKernelShim", exclude: ["stubs", "subject", "README.md"],
      sources: ["text"],
      resources: [.copy("machine"), .copy("include"), .copy("reproducer")],
      publicHeadersPath: "text/include", cSettings: cSettings),
    // The embedded reference: kernel-side C, with the stub headers, never libc.
    .target(
      name: "CKernelReference", dependencies: ["CKernelShim"], path: "CKernelShim/subject",
      resources: [.copy("reference.inc")], publicHeadersPath: "include",
      cSettings: cSettings + [
        .headerSearchPath("../stubs"),
        // Hooks have the parameters that their type says, as in the kernel.
        .unsafeFlags([
          "-O2", "-fno-strict-aliasing", "-fwrapv", "-nostdinc", "-Wno-unused-parameter",
        ]),
      ]),
    .target(name: "PageTables", swiftSettings: swiftSettings),
    .target(name: "Coverage", swiftSettings: swiftSettings),
    .target(name: "MachineModel", dependencies: ["PageTables"], swiftSettings: swiftSettings),
    .target(
      name: "HotplugPort", dependencies: ["PageTables", "MachineModel"],
      swiftSettings: hotSettings),
    .target(
      name: "Scenarios", dependencies: ["PageTables", "MachineModel"],
      swiftSettings: swiftSettings),
    .target(
      name: "Shrinking", dependencies: ["MachineModel", "PageTables", "Scenarios"],
      swiftSettings: swiftSettings),
    .target(
      name: "Subjects", dependencies: ["Coverage", "MachineModel", subprocess],
      swiftSettings: swiftSettings),
    .target(name: "Series", dependencies: ["Subjects"], swiftSettings: swiftSettings),
    .target(
      name: "Mutation", dependencies: ["Subjects"], resources: [.embedInCode("equivalents.json")],
      swiftSettings: swiftSettings),
    // The process that runs a subject: it knows neither the reference nor the port.
    .target(
      name: "Worker", dependencies: ["CKernelShim", "PageTables", "MachineModel", "Scenarios"],
      swiftSettings: hotSettings),
    .executableTarget(
      name: "mhpcheck-worker", dependencies: ["Worker"], swiftSettings: swiftSettings),
    .target(
      name: "Execution",
      dependencies: [
        "CKernelShim", "CKernelReference", "PageTables", "MachineModel", "HotplugPort",
        "Scenarios", "Comparison", "Coverage", "Oracle", "Worker", subprocess,
      ], swiftSettings: hotSettings),
    .target(
      name: "Comparison",
      dependencies: ["PageTables", "MachineModel", "HotplugPort", "Scenarios", "Oracle"],
      swiftSettings: swiftSettings),
    // Knows neither the port nor the shim: it cannot be wrong with them.
    .target(
      name: "Oracle", dependencies: ["PageTables", "MachineModel"], swiftSettings: swiftSettings),
    .target(
      name: "Reporting",
      dependencies: [
        "PageTables", "MachineModel", "HotplugPort", "Scenarios", "Comparison", "Coverage",
        "Oracle", "Series", "Confirmation",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [
        .embedInCode("Check/HTML/Page/case.mustache"),
        .embedInCode("Check/HTML/Page/command.mustache"),
        .embedInCode("Check/HTML/Page/confirmed.mustache"),
        .embedInCode("Check/HTML/Page/difference.mustache"),
        .embedInCode("Check/HTML/Page/hazard.mustache"),
        .embedInCode("Check/HTML/Page/legend.mustache"),
        .embedInCode("Check/HTML/Page/page.css"), .embedInCode("Check/HTML/Page/page.js"),
        .embedInCode("Check/HTML/Page/page.mustache"),
      ],
      swiftSettings: swiftSettings),
    // What running kernels did, and whether the model says the same.
    .target(
      name: "Confirmation",
      dependencies: ["PageTables", "MachineModel", "HotplugPort", "Oracle", "Execution"],
      resources: [.embedInCode("Cases/cases.json")], swiftSettings: swiftSettings),
    // Running kernels: packages, virtual machines, and what can be seen of them.
    .target(
      name: "Guests", dependencies: ["Confirmation", "PageTables", "Subjects", subprocess],
      resources: [.embedInCode("Packages/pins.json")], swiftSettings: swiftSettings),
    // What every id of a report means, as text.
    .target(
      name: "Explanations",
      dependencies: [
        "PageTables", "MachineModel", "HotplugPort", "Scenarios", "Comparison", "Oracle",
        "Series", "Confirmation",
      ], swiftSettings: swiftSettings),
    .target(
      name: "Expectations", dependencies: ["Reporting", .product(name: "Yams", package: "Yams")],
      swiftSettings: swiftSettings),
    .target(
      name: "Pipeline",
      dependencies: [
        "PageTables", "MachineModel", "HotplugPort", "Scenarios", "Subjects", "Execution", "Worker",
        "Comparison", "Coverage", "Oracle", "Shrinking", "Reporting", "Mutation", "Series",
        "Confirmation", "Guests",
      ], swiftSettings: swiftSettings),
    .target(
      name: "Benchmarking",
      dependencies: ["PageTables", "MachineModel", "Scenarios", "Execution"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "mhpcheck",
      dependencies: [
        "Benchmarking", "CMachineText", "Subjects", "Worker",
        "PageTables", "MachineModel", "HotplugPort", "Scenarios", "Execution", "Comparison",
        "Coverage", "Expectations", "Explanations", "Reporting", "Pipeline", "Oracle", "Series",
        "Confirmation", "Guests",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "PageTablesTests", dependencies: ["PageTables"], swiftSettings: swiftSettings),
    .testTarget(
      name: "HotplugPortTests", dependencies: ["HotplugPort"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ScenariosTests", dependencies: ["Scenarios", "Execution", "Worker", "HotplugPort"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ShrinkingTests",
      dependencies: [
        "Shrinking", "MachineModel", "PageTables", "Scenarios", "HotplugPort", "Comparison",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "SubjectsTests", dependencies: ["Coverage", "Subjects"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SeriesTests", dependencies: ["Series", "Subjects", subprocess],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "GuestsTests", dependencies: ["Guests", "Confirmation", "Subjects", subprocess],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ConfirmationTests",
      dependencies: [
        "Confirmation", "Execution", "Worker",
        "HotplugPort", "MachineModel", "Oracle", "PageTables",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "MutationTests", dependencies: ["Mutation", "Subjects"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ExecutionTests",
      dependencies: [
        "Execution", "Worker",
        "CKernelShim", "Confirmation", "MachineModel", "PageTables", "Scenarios",
        "HotplugPort", "Subjects", "Comparison", "Coverage", "Reporting", "mhpcheck", subprocess,
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "ComparisonTests",
      dependencies: ["Comparison", "MachineModel", "HotplugPort", "Scenarios"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "OracleTests",
      dependencies: [
        "Oracle", "Execution", "Worker", "Comparison", "HotplugPort", "MachineModel", "PageTables",
        "Scenarios",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "MachineModel", "PageTables", "Comparison", "Coverage", "Execution", "Worker",
        "HotplugPort", "Oracle", "Scenarios", "Series", "Confirmation", subprocess,
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ExplanationsTests",
      dependencies: [
        "Explanations", "MachineModel", "HotplugPort", "PageTables", "Scenarios", "Comparison",
        "Oracle", "Series", "Confirmation", "mhpcheck",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "ExpectationsTests",
      dependencies: [
        "Expectations", "Reporting", "Comparison", "HotplugPort", "MachineModel", "Oracle",
        "Scenarios",
      ], swiftSettings: swiftSettings),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "Benchmarking", "Execution", "Worker",
        "HotplugPort", "MachineModel", "PageTables", "Scenarios",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "EndToEnd",
      dependencies: [
        "mhpcheck", "Pipeline", "Comparison", "Coverage", "Execution", "Expectations",
        "Explanations", "HotplugPort", "Worker",
        "MachineModel", "Mutation", "Oracle", "PageTables", "Reporting", "Scenarios", "Series",
        "Subjects", "Confirmation", "Guests", subprocess,
      ], exclude: ["Replay/terminal.py"],
      swiftSettings: swiftSettings),
  ]
)
