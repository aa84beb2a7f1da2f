// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The output of `mhpcheck series`, read as a script would read it.
struct SeriesRows: Decodable {
  struct Subject: Decodable {
    var kind: String
    var origin: String
  }

  struct Commit: Decodable {
    var commit: String
    var title: String
    var status: String
    var known: Bool
    var judgedBy: String
    var evidence: String
    var without: String
    var pick: String?
    var first: [String]?

    /// The status; "unknown" where the subject does not show it.
    var word: String { known ? status : "unknown" }
  }

  var schema: String
  var tool: String
  var subject: Subject
  var commits: [Commit]

  /// The commits of the series, in the order of the rows.
  static let commits = [
    "e3ecf2fdc8f3", "66673099f734", "fe122b89da67", "007480fe84a9", "6e6c5e21b8cb",
    "c75a74f4ba19", "37992b7f1097", "f8c2a240556e", "0546d7043e55", "216e04bf1e4d",
    "4705c1571ad3", "60a6707f582e", "21f1b85c8912", "a0188cc13369",
  ]
  /// The merge of the first eleven.
  static let merge = "60a6707f582e"

  /// Runs the program on a subject, expects the exit status, and checks the form of the rows.
  static func of(
    _ subject: String, status: Int, options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> SeriesRows {
    let outcome = try await Program.run(["series", subject, "--json", "-"] + options)
    #expect(outcome.status == status, "\(outcome.testDescription)", sourceLocation: sourceLocation)
    let rows = try JSONDecoder().decode(SeriesRows.self, from: Data(outcome.output.utf8))
    #expect(rows.schema == "mhpcheck.series/1", sourceLocation: sourceLocation)
    #expect(rows.commits.map(\.commit) == commits, sourceLocation: sourceLocation)
    for row in rows.commits {
      let isFine = ["present", "not-needed"].contains(row.status)
      #expect(
        isFine || ["partial", "absent"].contains(row.status), "\(row)",
        sourceLocation: sourceLocation)
      #expect(
        ["behaviour", "structure"].contains(row.judgedBy), "\(row)",
        sourceLocation: sourceLocation)
      #expect(
        !row.evidence.isEmpty && !row.evidence.contains("\n") && !row.without.isEmpty, "\(row)",
        sourceLocation: sourceLocation)
      let isPicked = !isFine && row.known && row.commit != merge
      #expect(row.known || row.status == "partial", "\(row)", sourceLocation: sourceLocation)
      #expect(
        row.pick == (isPicked ? "git cherry-pick -x \(row.commit)" : nil),
        sourceLocation: sourceLocation)
    }
    return rows
  }

  /// The row of a commit.
  subscript(commit: String) -> Commit {
    get throws { try #require(commits.first { $0.commit == commit }) }
  }

  /// The commits that are neither present nor unneeded, with their status, without the merge itself.
  var lacking: [String: String] {
    Dictionary(
      uniqueKeysWithValues: commits.filter {
        !["present", "not-needed"].contains($0.status) && $0.commit != Self.merge
      }.map { ($0.commit, $0.word) })
  }

  /// The commits to pick, in order.
  var picks: [String] { commits.filter { $0.pick != nil }.map(\.commit) }

  /// The evidence of all rows, for a failing test.
  var text: String {
    commits.map { "\($0.commit) \($0.word): \($0.evidence)" }.joined(separator: "\n")
  }
}

/// The files of a kernel that matter to the series, in a private folder, so that tests can edit them.
struct SeriesTree {
  let folder: PrivateFolder
  var path: String { folder.path }

  // An older version of the program kept fewer files in the cache: this run fetches the others.
  private static let fetchedNew = fetched(KernelSource.withHotplug)
  private static let fetchedOld = fetched(KernelSource.without)

  private static func fetched(_ package: String) -> Task<Program.Outcome, any Error> {
    Task { try await Program.run(["series", "debian:\(package)", "-q"]) }
  }

  /// A copy of a package's tree, which the program fetched.
  static func copy(of package: String) async throws -> SeriesTree {
    _ = try await (package == KernelSource.without ? fetchedOld : fetchedNew).value
    let source =
      package == KernelSource.without
      ? try await KernelSource.old.value.tree : try await KernelSource.new.value.tree
    let folder = try PrivateFolder()
    for path in ["arch/riscv/mm", "arch/riscv/include/asm", "mm", "drivers/virtio"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(source)/\(path)")
      for name in names {
        guard let data = FileManager.default.contents(atPath: "\(source)/\(path)/\(name)") else {
          continue
        }
        let isRead =
          path != "mm" || name.hasPrefix("Kconfig") || name.hasPrefix("ptdump")
          || name.hasPrefix("sparse-vmemmap")
        if isRead { try folder.write("\(path)/\(name)", [UInt8](data)) }
      }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(source)/arch/riscv")
    where name.hasPrefix("Kconfig") {
      let data = FileManager.default.contents(atPath: "\(source)/arch/riscv/\(name)")
      try folder.write("arch/riscv/\(name)", [UInt8](try #require(data)))
    }
    return SeriesTree(folder: folder)
  }

  /// Replaces all matches in a file; there must be at least one.
  func edit<Output>(
    _ path: String, _ pattern: some RegexComponent<Output>,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ replacement: (Regex<Output>.Match) -> String
  ) throws {
    let data = try #require(FileManager.default.contents(atPath: folder.file(path)))
    let text = String(decoding: data, as: UTF8.self)
    try #require(
      text.firstMatch(of: pattern) != nil, "nothing in \(path) matches",
      sourceLocation: sourceLocation)
    try folder.write(path, text.replacing(pattern, with: replacement))
  }

  func append(_ path: String, _ addition: String) throws {
    let data = try #require(FileManager.default.contents(atPath: folder.file(path)))
    try folder.write(path, String(decoding: data, as: UTF8.self) + "\n" + addition + "\n")
  }
}
