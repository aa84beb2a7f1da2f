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

/// Tests run what is optimised and need not be: that would take most of a build's time.
let testSettings = swiftSettings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// For modules that take a few milliseconds of a run and minutes of a build. `make test-build` sets
/// MHPCHECK_QUICK=1; what users run is optimised everywhere.
let coldSettings =
  ProcessInfo.processInfo.environment["MHPCHECK_QUICK"] == "1" ? testSettings : swiftSettings

let cSettings: [CSetting] = [
  .unsafeFlags(["-std=gnu11", "-Wall", "-Wextra"] + (strict ? ["-Werror"] : []))
]

/// `make docs` sets MHPCHECK_DOCS=1: nothing else needs the plugin that makes documentation.
let documentation: [Package.Dependency] =
  ProcessInfo.processInfo.environment["MHPCHECK_DOCS"] == "1"
  ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []

/// `make build` names the commit and its date.
let commit = ["MHPCHECK_COMMIT", "MHPCHECK_DATE"].map { name in
  CSetting.define(name, to: "\"\(ProcessInfo.processInfo.environment[name] ?? "")\"")
}

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "mhpcheck",
  products: [
    .executable(name: "mhpcheck", targets: ["mhpcheck"]),
    .executable(name: "mhpcheck-worker", targets: ["mhpcheck-worker"]),
    // For the benchmarks in Benchmarks/, a package of their own.
    .library(
      name: "MhpcheckModules",
      targets: ["Machine", "Port", "Cases", "Engine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(
      url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
  ] + documentation,
  targets: [
    // The machine that subjects run on: host-side C, with libc, never the stub headers.
    .target(
      name: "CKernelShim", path: "CKernelShim", exclude: ["subject", "text", "README.md"],
      sources: ["machine", "reproducer"], resources: [.copy("stubs")], publicHeadersPath: "include",
      cSettings: cSettings, linkerSettings: [.linkedLibrary("seccomp")]),
    // The commit that the program is built from, in a module of its own: nothing else is compiled anew for it.
    .target(name: "CVersion", cSettings: cSettings + commit),
    // The files that the program has within it. clang allows #embed in C11, with a warning.
    .target(name: "CEmbedded", cSettings: cSettings + [.unsafeFlags(["-Wno-c23-extensions"])]),
    // The users' YAML files, by libyaml. A YAML package in Swift brings in the whole of Foundation.
    .target(name: "CYAML", cSettings: cSettings, linkerSettings: [.linkedLibrary("yaml")]),
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
    // Page tables, images, events, observations: what both sides load and record.
    .target(name: "Machine", swiftSettings: swiftSettings),
    // The native port, to be read as a specification. It imports no C.
    .target(name: "Port", dependencies: ["Machine"], swiftSettings: hotSettings),
    // Knows neither side: it cannot be wrong with them.
    .target(name: "Oracle", dependencies: ["Machine"], swiftSettings: swiftSettings),
    .target(
      name: "Cases", dependencies: ["CEmbedded", "Machine"], exclude: ["Confirm/cases.json"],
      swiftSettings: swiftSettings),
    .target(name: "Subjects", dependencies: ["Machine", subprocess], swiftSettings: swiftSettings),
    // The process that runs a subject: it knows neither the reference nor the port.
    .target(
      name: "Worker", dependencies: ["CKernelShim", "Machine", "Cases"], swiftSettings: hotSettings),
    .executableTarget(
      name: "mhpcheck-worker", dependencies: ["Worker"], swiftSettings: swiftSettings),
    .target(
      name: "Engine",
      dependencies: [
        "CKernelShim", "CKernelReference", "Machine", "Port", "Oracle", "Cases", "Subjects",
        "Worker",
        subprocess,
      ], swiftSettings: hotSettings),
    .target(
      name: "Reports",
      dependencies: [
        "CEmbedded", "CYAML", "Machine", "Port", "Oracle", "Cases", "Subjects", "Engine",
      ],
      exclude: ["Document/Page/page.css", "Document/Page/page.js", "Language/zh.json"],
      swiftSettings: coldSettings),
    // Asks whether the harness itself is right: running kernels, mutants, benchmarks.
    .target(
      name: "Lab",
      dependencies: [
        "CEmbedded", "Machine", "Port", "Oracle", "Cases", "Subjects", "Worker", "Engine",
        "Reports",
        subprocess,
      ],
      exclude: ["Guests/Packages/pins.json", "Mutation/equivalents.json"],
      swiftSettings: coldSettings),
    .executableTarget(
      name: "mhpcheck",
      dependencies: [
        "CMachineText", "CVersion", "Machine", "Port", "Oracle", "Cases", "Subjects", "Worker",
        "Engine",
        "Reports",
        "Lab", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: coldSettings),
    // All tests use it.
    .target(
      name: "TestSupport",
      dependencies: ["Machine", "Port", "Oracle", "Cases", "Subjects", "Engine", "Reports"],
      path: "Tests/TestSupport", swiftSettings: testSettings),
    .testTarget(
      name: "MachineTests", dependencies: ["TestSupport", "Machine"], swiftSettings: testSettings),
    .testTarget(
      name: "PortTests", dependencies: ["TestSupport", "Machine", "Port"],
      swiftSettings: testSettings),
    .testTarget(
      name: "OracleTests",
      dependencies: ["TestSupport", "Machine", "Port", "Oracle", "Cases", "Worker", "Engine"],
      swiftSettings: testSettings),
    .testTarget(
      name: "CasesTests",
      dependencies: ["TestSupport", "Machine", "Port", "Cases", "Worker", "Engine"],
      swiftSettings: testSettings),
    .testTarget(
      name: "SubjectsTests", dependencies: ["TestSupport", "Machine", "Subjects", subprocess],
      swiftSettings: testSettings),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "TestSupport", "CKernelShim", "Machine", "Port", "Cases", "Subjects", "Worker", "Engine",
        "Reports", "Lab",
        "mhpcheck", subprocess,
      ],
      swiftSettings: testSettings),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "TestSupport", "Machine", "Port", "Oracle", "Cases", "Subjects", "Worker", "Engine",
        "Reports", "Lab",
        "mhpcheck", subprocess,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: testSettings),
    .testTarget(
      name: "LabTests",
      dependencies: [
        "TestSupport", "Machine", "Port", "Oracle", "Cases", "Subjects", "Worker", "Engine",
        "Reports", "Lab",
        subprocess,
      ],
      swiftSettings: testSettings),
    .testTarget(
      name: "EndToEnd",
      dependencies: [
        "TestSupport", "Machine", "Port", "Oracle", "Cases", "Subjects", "Worker", "Engine",
        "Reports", "Lab",
        "mhpcheck", subprocess,
      ], exclude: ["Replay/terminal.py", "Language/sentences.py", "Language/composed.json"],
      swiftSettings: testSettings),
  ]
)
