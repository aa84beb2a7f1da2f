// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Port

/// The port is one half of every comparison: where it is wrong, a correct subject must differ from it.
@Suite("Mutants of the port")
struct PortMutantTests {
  private static let areRun = ProcessInfo.processInfo.environment["MHPCHECK_PORT_MUTANTS"] != nil

  @Test(
    "are all found, and the unchanged port is not (minutes; needs MHPCHECK_PORT_MUTANTS set)",
    .enabled(if: areRun), .timeLimit(.minutes(30)))
  func found() async throws {
    let port = try await MutatedPort()
    let means = try await port.search()
    #expect(means[0] == "none", "no mutant")
    for (number, mutant) in zip(1..., port.mutants) {
      switch means[number] {
      case nil: Issue.record("mutant \(number) ends the search. \(mutant)")
      case "none": Issue.record("mutant \(number) is not found. \(mutant)")
      default: break
      }
    }
    for name in ["catalogue", "as-merged", "random", "universes"] {
      print("port mutants found by \(name): \(means.values.count { $0 == name })")
    }
  }

  @Test("number at least 60, from every file that models the kernel") func many() throws {
    let files = try PortMutant.byFile()
    #expect(files.reduce(0) { $0 + $1.mutants.count } >= 60)
    let folder = Repository.root.appending(path: "Sources/Port").path
    let sources = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasPrefix("Machine") || $0.hasPrefix("MemoryHotplug")
    }
    #expect(files.map { $0.file + ".swift" } == sources.sorted())
  }

  @Test("match the port as it is") func matching() throws {
    for (file, mutants) in try PortMutant.byFile() {
      let path = Repository.root.appending(path: "Sources/Port/\(file).swift").path
      var source = MutatedSource(
        file: file, text: try String(contentsOfFile: path, encoding: .utf8))
      #expect(throws: Never.self) { try source.add(mutants, from: 1) }
    }
  }

  @Test("become alternative versions of their function") func woven() throws {
    let mutants = try PortMutant.all(
      in:
        "# None.\nin: isSmall\n- number < 9\n+ number <= 9\n\n# Two.\nin: double\n- print(number)\n",
      file: "A")
    var source = MutatedSource(
      file: "A",
      text: """
        extension A {
          @inline(__always)
          func isSmall(_ number: Int) -> Bool { number < 9 }

          func double(_ number: Int) -> Int {
            print(number)
            return number * 2
          }
        }
        """)
    try source.add(mutants, from: 7)
    #expect(
      source.text.split(separator: "\n").map(\.trimmed) == [
        "extension A {", "func isSmall(_ number: Int) -> Bool {", "switch portMutant {", "case 7:",
        "return number <= 9", "default:", "return number < 9", "}", "}",
        "func double(_ number: Int) -> Int {", "switch portMutant {", "case 8:",
        "return number * 2", "default:", "print(number)", "return number * 2", "}", "}", "}",
      ])
  }

  @Test(
    "are refused if they do not match the source",
    arguments: [
      ("# A.\nin: f\n- c\n", "f has 0 times: c"), ("# A.\nin: f\n- b\n", "f has 2 times: b"),
      ("# A.\nin: g\n- b\n", "0 functions g"), ("# A.\nin: f\n", "\"A.\" is no whole mutant"),
      ("# A.\nin: f\n- a\n+ a\n", "\"A.\" is no whole mutant"),
      ("in: f\n- a\n", "\"\" is no whole mutant"), ("# A.\nf\n", "\"f\" does not belong there"),
    ])
  func misfits(text: String, complaint: String) {
    #expect(throws: PortMutant.FormatError(file: "A", complaint: complaint)) {
      var source = MutatedSource(file: "A", text: "  func f() {\n    a\n    b\n    b\n  }\n")
      try source.add(try PortMutant.all(in: text, file: "A"), from: 1)
    }
  }
}
