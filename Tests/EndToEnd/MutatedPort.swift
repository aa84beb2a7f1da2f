// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A program with all mutants of the port in it, built from a changed copy of the sources. It has the modules up
/// to `Engine`, and looks for each mutant with `Tests/PortMutants`.
struct MutatedPort {
  /// The mutants; their numbers start at 1.
  let mutants: [PortMutant]
  private let folder: PrivateFolder
  private let program: String

  /// Copies, changes and builds the sources, which takes a minute or two.
  init() async throws {
    let folder = try PrivateFolder()
    for part in ["Package.swift", "Sources", "CKernelShim"] {
      try FileManager.default.copyItem(
        atPath: Repository.root.appending(path: part).path, toPath: folder.file(part))
    }
    let search = Repository.root.appending(path: "Tests/PortMutants").path
    for (file, place) in [
      ("PortMutantSearch.swift", "Sources/Engine"), ("main.swift", "Sources/PortMutants"),
    ] {
      try folder.write(
        "\(place)/\(file)", try String(contentsOfFile: "\(search)/\(file)", encoding: .utf8))
    }
    try Self.addProgram(in: folder)
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
    try folder.write("Sources/Port/Selector.swift", MutatedSource.declaration)
    let build = ["build", "-c", "release", "--package-path", folder.path, "--product"]
    let outcome = try await Program.start(
      "swift", build + ["port-mutants"], environment: ["MHPCHECK_WERROR": "0"], folder: folder.path)
    try #require(outcome.status == 0, "\(outcome.output.suffix(4000)) \(outcome.errors)")
    let place = try await folder.run("swift", build + ["port-mutants", "--show-bin-path"])
    program = place.split(separator: "\n").joined() + "/port-mutants"
    self.folder = folder
    self.mutants = mutants
  }

  /// Adds the program to the package, and leaves the module without loops over cases unoptimised.
  private static func addProgram(in folder: PrivateFolder) throws {
    var text = try String(contentsOfFile: folder.file("Package.swift"), encoding: .utf8)
    let before = "    // All tests use it.\n"
    try #require(text.contains(before))
    text.replace(
      before,
      with: """
            .executableTarget(
              name: "port-mutants", dependencies: ["Engine"], path: "Sources/PortMutants",
              swiftSettings: testSettings),

        """ + before)
    let subjects = "name: \"Subjects\", dependencies: [\"Machine\", subprocess], swiftSettings: "
    try #require(text.contains(subjects + "swiftSettings"))
    text.replace(subjects + "swiftSettings", with: subjects + "testSettings")
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

  /// The means that find each mutant, by its number; "none" where none does, and nothing for a mutant that ends
  /// the search. The number 0 is the unchanged port.
  func search() async throws -> [Int: String] {
    try await withThrowingTaskGroup(of: [Int: String].self) { group in
      let step = 2
      for first in 0..<step {
        group.addTask { try await search(from: first, step: step) }
      }
      return try await group.reduce(into: [:]) { all, some in all.merge(some) { first, _ in first }
      }
    }
  }

  private func search(from first: Int, step: Int) async throws -> [Int: String] {
    var found: [Int: String] = [:]
    var next = first
    while next <= mutants.count {
      let arguments = [next, mutants.count, step].map(String.init)
      let outcome = try await ProgramThrottle.shared.hold {
        try await Program.start(program, arguments)
      }
      var last = next
      for line in outcome.output.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.first == "try" {
          last = Int(words[1]) ?? last
        } else if let number = Int(words[0]) {
          found[number] = String(words[1])
        }
      }
      // Continues after a mutant that ended the process.
      next = last + step
    }
    return found
  }
}
