// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@Suite("The documents", .timeLimit(.minutes(30)))
struct DocumentTests {
  private static func text(_ path: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
  }

  /// The commands in a document: indented lines, and lines in fences marked "shell".
  private static func commands(in text: String) -> [String] {
    var isShell = false
    var isOtherFence = false
    var found: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        (isShell, isOtherFence) = (line == "```shell", line.count > 3 && line != "```shell")
        continue
      }
      guard !isOtherFence, isShell || line.hasPrefix("    ") else { continue }
      found.append(line.trimmingPrefix(while: { $0 == " " }).description)
    }
    return found.filter {
      $0.hasPrefix("mhpcheck ") || $0.contains("| mhpcheck ") || $0.hasPrefix("make ")
    }
  }

  /// The program's arguments in a command, without comments and shell syntax.
  private static func arguments(of command: String) -> [String]? {
    guard let start = command.firstRange(of: "mhpcheck ") else { return nil }
    let rest = command[start.upperBound...].prefix { $0 != "#" && $0 != "|" && $0 != ">" }
    return rest.split(separator: " ").map(String.init)
  }

  @Test(
    "README.zh-CN.md has every command of README.md, in the same order")
  func languages() throws {
    let english = Self.commands(in: try Self.text("README.md"))
    let chinese = Self.commands(in: try Self.text("README.zh-CN.md"))
    #expect(!chinese.isEmpty)
    var rest = english[...]
    for command in chinese {
      let place = rest.firstIndex(of: command)
      #expect(place != nil, "README.md has no such command here: \(command)")
      if let place { rest = rest[rest.index(after: place)...] }
    }
    // README.zh-CN.md has every command of README.md.
    #expect(Set(english).subtracting(chinese).isEmpty)
  }

  @Test(
    "name only verbs and options that exist",
    arguments: [
      "README.md", "README.zh-CN.md", "docs/ci/github-actions.yml", "docs/ci/gitlab-ci.yml",
      "docs/ci/Jenkinsfile", "docs/use/formats.md", "docs/use/fleet.md", "docs/use/replay.md",
      "docs/use/confirm.md", "docs/use/clusters.md",
      "Sources/Engine/Documentation.docc/CheckABackport.md",
      "Sources/Engine/Documentation.docc/ReadADifference.md",
      "Sources/Engine/Documentation.docc/AddAScenario.md",
    ] as [String])
  func commands(document: String) async throws {
    let text = try Self.text(document)
    let known = try await Self.optionsByVerb()
    let lines =
      document.hasSuffix(".md")
      ? Self.commands(in: text) : text.split(separator: "\n").map(String.init)
    var found = 0
    for line in lines {
      guard let arguments = Self.arguments(of: line), let verb = arguments.first,
        let options = known[verb]
      else { continue }
      found += 1
      for argument in arguments.dropFirst() where argument.hasPrefix("-") && argument.count > 1 {
        let name = argument.prefix { $0 != "=" && $0 != "'" && $0 != "`" }
        #expect(options.contains(String(name)), "\(document): \(line)")
      }
    }
    #expect(found > 0, "\(document) has no command")
  }

  /// The options of each verb, from the program's own help.
  private static func optionsByVerb() async throws -> [String: Set<String>] {
    struct Help: Decodable {
      struct Command: Decodable {
        struct Argument: Decodable {
          struct Name: Decodable {
            var kind: String
            var name: String
          }
          var names: [Name]?
        }
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
      }
      var command: Command
    }
    let run = try await Program.run(["--experimental-dump-help"])
    let help = try JSONDecoder().decode(Help.self, from: Data(run.output.utf8))
    return Dictionary(
      uniqueKeysWithValues: (help.command.subcommands ?? []).map { command in
        let names = (command.arguments ?? []).flatMap { $0.names ?? [] }
        return (
          command.commandName, Set(names.map { ($0.kind == "short" ? "-" : "--") + $0.name })
        )
      })
  }

  @Test("The manual page matches the program's help, and is well formed")
  func manual() async throws {
    let run = try await Program.run(["--experimental-dump-help"])
    let root = Repository.root
    let made = try await Program.start(
      "python3", ["docs/man/generate.py", "docs/man"], input: Array(run.output.utf8),
      folder: root.path)
    #expect(made.status == 0, "\(made)")
    #expect(try made.output == Self.text("docs/man/mhpcheck.1"), "make man writes it anew")
    let lint = try await Program.start(
      "mandoc", ["-T", "lint", "-W", "style", "docs/man/mhpcheck.1"], folder: root.path)
    let complaints = lint.output.split(separator: "\n").filter { !$0.contains("mandoc.db") }
    #expect(complaints.isEmpty, "\(complaints)")
  }

  @Test(
    "The completions for three shells know the verbs",
    arguments: ["bash", "zsh", "fish"] as [String])
  func completions(shell: String) async throws {
    let run = try await Program.run(["--generate-completion-script", shell])
    #expect(run.status == 0)
    for verb in ["check", "series", "fleet", "bisect", "explain", "replay", "confirm"] {
      #expect(run.output.contains(verb), "\(shell): \(verb)")
    }
  }
}
