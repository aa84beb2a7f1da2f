// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Port

/// The program, built again from a copy of its sources with all mutants of the port in it. The build
/// disappears with this value; the shipped program contains none of it.
struct MutatedPort {
  /// The mutants; their numbers start at 1.
  let mutants: [PortMutant]
  private let folder: PrivateFolder
  private let program: String

  /// The environment variable that selects the mutant.
  static let variable = "MHPCHECK_PORT_MUTANT"

  /// Copies, changes and builds the sources, which takes a minute or two.
  init() async throws {
    let folder = try PrivateFolder()
    for part in ["Package.swift", "Sources", "CKernelShim"] {
      try FileManager.default.copyItem(
        atPath: Repository.root.appending(path: part).path, toPath: folder.file(part))
    }
    try Self.optimiseLess(in: folder)
    // The package names test targets. Nothing builds them, but they must exist.
    let tests = Repository.root.appending(path: "Tests").path
    for name in try FileManager.default.contentsOfDirectory(atPath: tests) {
      try folder.write("Tests/\(name)/Empty.swift", "")
    }
    // Uses the versions of dependencies that are resolved here.
    try? FileManager.default.copyItem(
      atPath: Repository.root.appending(path: "Package.resolved").path,
      toPath: folder.file("Package.resolved"))
    var mutants: [PortMutant] = []
    for (file, own) in try PortMutant.byFile() {
      let path = "Sources/Port/\(file).swift"
      var source = MutatedSource(
        file: file, text: try String(contentsOfFile: folder.file(path), encoding: .utf8))
      try source.add(own, from: mutants.count + 1)
      try folder.write(path, source.text)
      mutants += own
    }
    try Self.shortenPatience(in: folder)
    try folder.write(
      "Sources/Port/Selector.swift", MutatedSource.declaration(variable: Self.variable))
    let build = ["build", "-c", "release", "--package-path", folder.path, "--product"]
    for product in ["mhpcheck", "mhpcheck-worker"] {
      let outcome = try await Program.start(
        "swift", build + [product], environment: ["MHPCHECK_WERROR": "0"], folder: folder.path)
      try #require(outcome.status == 0, "\(outcome.output.suffix(4000)) \(outcome.errors)")
    }
    let place = try await folder.run("swift", build + ["mhpcheck", "--show-bin-path"])
    program = place.split(separator: "\n").joined() + "/mhpcheck"
    self.folder = folder
    self.mutants = mutants
  }

  /// Leaves modules without loops over cases unoptimised: that takes two thirds off the build.
  private static func optimiseLess(in folder: PrivateFolder) throws {
    var text = try String(contentsOfFile: folder.file("Package.swift"), encoding: .utf8)
    for name in ["Subjects", "Reports", "Lab", "mhpcheck"] {
      let start = try #require(
        text.firstRange(of: "arget(\n      name: \"\(name)\",")
          ?? text.firstRange(of: "arget(name: \"\(name)\","))
      let settings = try #require(
        text[start.upperBound...].firstRange(of: "swiftSettings: swiftSettings"))
      text.replaceSubrange(settings, with: "swiftSettings: testSettings")
    }
    try folder.write("Package.swift", text)
  }

  /// Makes a looping mutant count as hung sooner: the largest cases need a few million passes.
  private static func shortenPatience(in folder: PrivateFolder) throws {
    let path = "Sources/Port/HotplugPort.swift"
    let text = try String(contentsOfFile: folder.file(path), encoding: .utf8)
    let patient = "stepLimit: Int = 1 << 28"
    try #require(text.contains(patient))
    try folder.write(path, text.replacing(patient, with: "stepLimit: Int = 1 << 24"))
  }

  /// Runs the program as one mutant; 0 selects none.
  func run(_ number: Int, _ arguments: [String], input: [UInt8]) async throws -> Program.Outcome {
    try await ProgramThrottle.shared.hold {
      try await Program.start(
        program, arguments + ["--forget", "--quiet", "--jobs", "1"], input: input,
        environment: [Self.variable: "\(number)"])
    }
  }
}
