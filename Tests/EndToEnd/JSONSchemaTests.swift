// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Lab
@testable import Reports

/// Checks the program's output against the schemas of `docs/schemas` with jsonschema (PyPI).
@Suite("The JSON schemas", .timeLimit(.minutes(30)))
struct JSONSchemaTests {
  /// Prints the schema errors of each file. With `strict` it also adds or removes one member at a time, in
  /// every way, and prints where the schema does not notice.
  private static let script = """
    import sys, json, copy, pathlib
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012
    folder, mode = pathlib.Path(sys.argv[1]), sys.argv[2]
    schemas = {p.name: json.loads(p.read_text()) for p in folder.glob("*.schema.json")}
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema, default_specification=DRAFT202012))
        for name, schema in schemas.items())
    for schema in schemas.values(): Draft202012Validator.check_schema(schema)
    def objects(value, path=()):
        if isinstance(value, dict):
            yield path
            for key in value: yield from objects(value[key], path + (key,))
        if isinstance(value, list):
            for index, item in enumerate(value[:2]): yield from objects(item, path + (index,))
    def at(value, path):
        for key in path: value = value[key]
        return value
    for path in sys.argv[3:]:
        document = json.load(open(path, encoding="utf-8"))
        kind = document["schema"].removeprefix("mhpcheck.").replace("/", "-")
        validator = Draft202012Validator(schemas[kind + ".schema.json"], registry=registry)
        for error in validator.iter_errors(document):
            for part in error.context or [error]:
                print("wrong", path, list(part.absolute_path), part.message[:300])
        print("checked", document["schema"], "error" in document)
        if mode != "strict": continue
        for place in objects(document):
            wrong = copy.deepcopy(document)
            at(wrong, place)["forged"] = 1
            if validator.is_valid(wrong): print("not noticed: one more member at", place)
        for key in document:
            wrong = copy.deepcopy(document)
            del wrong[key]
            if validator.is_valid(wrong) and key not in (
                "random", "coverage", "expectations", "change", "release", "what", "comparison"
            ):
                print("not noticed: missing", key)
            wrong = dict(document, **{key: {"a": 1}})
            if validator.is_valid(wrong): print("not noticed: another type of", key)
    """

  private static func complaints(_ files: [String], mode: String = "plain") async throws
    -> [String]?
  {
    let schemas = Repository.root.appending(path: "docs/schemas").path
    return try await ExternalReaders.lines(script, [schemas, mode] + files)
  }

  @Test("accept the outcomes of a check, and refuse each missing or additional member")
  func snapshots() async throws {
    let files = try SnapshotOutcome.allCases.map { try SnapshotFile($0, .json) }
    defer { withExtendedLifetime(files) {} }
    guard let lines = try await Self.complaints(files.map(\.path), mode: "strict") else { return }
    #expect(lines.filter { !$0.hasPrefix("checked") } == [])
    #expect(lines.count == files.count)
  }

  @Test("accept a confirmation that ran, one that was skipped and one that failed")
  func confirmations() async throws {
    let folder = try PrivateFolder()
    let hazard = SeenHazard(
      id: .h9, step: "30 cycles of 0", predicted: "the counter rises by 30", seen: nil,
      lines: ["a \u{1b} b"])
    let disagreement = Disagreement(
      step: "boot", aspect: .globals, place: "max_pfn", model: "1", kernel: "2")
    let cases = try #require(ConfirmCases.all.first)
    var run = ConfirmReport(
      kernel: "debian:sid", release: "7.2.13", machine: "QEMU 7.2.22",
      cases: [
        ConfirmedCase(
          confirmCase: cases, mode: "sv57", status: .disagrees, seconds: 4.5,
          steps: [.init(title: "add 0", leaves: 1, tables: 2, events: 3)],
          disagreements: [disagreement], hazards: [hazard], missingFixes: ["a0188cc13369"]),
        ConfirmedCase(confirmCase: cases, mode: "sv39", status: .agrees, seconds: 4),
        ConfirmedCase(confirmCase: cases, mode: "sv48", status: .skipped("why"), seconds: 0),
      ], seconds: 9)
    var files = [try folder.write("run.json", JSONRenderer().render(run, tool: "0.1.0"))]
    let skipped = ConfirmRequest(kernel: .debian(suite: "trixie"), jobs: 1).skipped(because: "why")
    files.append(try folder.write("skipped.json", JSONRenderer().render(skipped, tool: "0.1.0")))
    files.append(
      try folder.write(
        "failed.json",
        JSONRenderer().render(confirmFailure: "no QEMU", kernel: "k", tool: "0.1.0")))
    guard let lines = try await Self.complaints(files, mode: "strict") else { return }
    #expect(
      lines == [
        "checked mhpcheck.confirm/1 False", "checked mhpcheck.confirm/1 False",
        "checked mhpcheck.confirm/1 True",
      ])
    // The schema notices a status that contradicts the other members.
    run.cases[0].status = .agrees
    let wrong = try folder.write("wrong.json", JSONRenderer().render(run, tool: "0.1.0"))
    let complaints = try #require(try await Self.complaints([wrong]))
    #expect(complaints.contains { $0.hasPrefix("wrong ") })
  }

  @Test("accept a benchmark beside another program")
  func comparison() async throws {
    let folder = try PrivateFolder()
    let row = BenchRow(
      geometry: 512, mode: "sv48", name: "catalogue", cases: 4,
      total: Timing(subject: 1000, port: 800, checked: 2020))
    let figures = BenchComparison.Figure.Kind.allCases.map {
      BenchComparison.Figure(what: "check builtin", kind: $0, this: [1.25, 1.5], base: [1, 1.5])
    }
    let report = BenchReport(
      rows: [row],
      comparison: BenchComparison(
        program: "/base/mhpcheck", version: "0.1.0 (Swift 6.3)", figures: figures))
    let file = try folder.write("bench.json", report.json(tool: "0.1.0"))
    guard let lines = try await Self.complaints([file], mode: "strict") else { return }
    #expect(lines == ["checked mhpcheck.bench/1 False"])
  }

  @Test("accept the output of each verb, for subjects that run and for those that do not")
  func verbs() async throws {
    let folder = try PrivateFolder()
    let subject = SubjectWithoutFixes.path
    let bad = try folder.write("bad.c", "int x;\n")
    let text = try VariantFiles.reference()
    let destructor = /if \(!is_vmemmap\)\s+(pagetable_pmd_dtor\()/
    let made = try await GitFixture(
      GitFixture.row([text, text.replacing(destructor) { "\($0.output.1)" }]))
    defer { withExtendedLifetime(made) {} }
    let repository = made.path
    // One mode that shows both fixes.
    let mode = ["--mode", "sv48"]
    let smoke = mode + ["--depth", "smoke"]
    // Small, with a mutant that survives and one that is equivalent.
    let mutants = ["--function", "vmemmap_free", "--mode", "sv39", "--depth", "smoke"]
    let commands: [(name: String, arguments: [String], status: Int)] = [
      ("check", ["check", subject] + smoke, 1), ("check-bad", ["check", bad], 3),
      ("compare", ["compare", subject, "builtin"] + mode, 1),
      ("compare-bad", ["compare", bad, "builtin"], 3),
      ("coverage", ["coverage", "builtin", "--depth", "smoke"], 0),
      ("coverage-bad", ["coverage", bad], 3),
      ("series", ["series", subject], 1),
      ("bench", ["bench", "--quick", "--mode", "sv39"], 0),
      ("mutate", ["mutate", "builtin"] + mutants, 1),
      ("fleet", ["fleet", "builtin", subject, bad] + mode, 3),
      ("bisect", ["bisect", "--repo", repository, "--good", "HEAD~1", "--bad", "HEAD"] + mode, 1),
      ("bisect-bad", ["bisect", "--repo", repository, "--good", "none", "--bad", "HEAD"], 3),
      ("replay", ["replay", "free-pmd-table/empty-vmemmap-as-vmemmap@sv57", subject], 1),
      ("explain", ["explain", "H8"], 0), ("ids", ["explain"], 0), ("list", ["list", "cases"], 0),
      (
        "check-expected",
        [
          "check", subject, "--no-shrink", "--no-coverage", "--expect", folder.file("known.yaml"),
          "--update-expectations",
        ] + smoke, 0
      ),
    ]
    var files: [String] = []
    for command in commands {
      let file = folder.file("\(command.name).json")
      let outcome = try await Program.run(command.arguments + ["--json", file])
      #expect(outcome.status == command.status, "\(command.name): \(outcome.testDescription)")
      files.append(file)
    }
    let smallest = ["--mode", "sv39", "--depth"]
    for (name, arguments) in [
      ("part-check", ["check", subject] + smallest + ["standard"]),
      ("part-mutate", ["mutate", subject] + mutants),
      ("part-fleet", ["fleet", bad, "builtin", subject] + smallest + ["smoke"]),
    ] {
      let file = folder.file("\(name).json")
      let outcome = try await Program.run(arguments + ["--shard", "1/2", "--part", file])
      #expect(outcome.status == 0, "\(name): \(outcome.testDescription)")
      files.append(file)
    }
    guard let lines = try await Self.complaints(files, mode: "strict") else { return }
    #expect(lines.filter { !$0.hasPrefix("checked") } == [])
    #expect(lines.count { $0.hasSuffix(" True") } == 4)
    let schemas = Set(lines.compactMap { $0.split(separator: " ").dropFirst().first })
    #expect(
      schemas == [
        "mhpcheck.report/1", "mhpcheck.comparison/1", "mhpcheck.coverage/1", "mhpcheck.series/1",
        "mhpcheck.bench/1", "mhpcheck.mutation/1", "mhpcheck.fleet/1", "mhpcheck.bisect/1",
        "mhpcheck.replay/1", "mhpcheck.explanation/1", "mhpcheck.list/1", "mhpcheck.part/1",
      ])
  }
}
