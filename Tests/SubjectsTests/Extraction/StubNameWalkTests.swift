// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Machine
@testable import Subjects

/// Tries every name that the stub headers define: if a subject redefines one that its functions reach, the
/// harness must notice.
@Suite("Every name of the stub headers")
struct StubNameWalkTests {
  private static let root = Repository.url("CKernelShim")
  private static let stubs = root.appending(path: "stubs").path
  /// A prefix that makes a name undefined for every compiler.
  private static let poison = "mhpcheck_poison_"

  /// The reference without the glue after its functions.
  private static func reference() throws -> String {
    let file = root.appending(path: "subject/reference.inc")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    var lines: [Substring] = []
    var isGlue = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      isGlue = (isGlue || line.hasPrefix("#define MHP_")) && (isGlue || line.hasPrefix("#"))
      if !isGlue { lines.append(line) }
      if !line.hasSuffix("\\") { isGlue = false }
    }
    return lines.joined(separator: "\n")
  }

  /// The names to try: all but the machine's own and the surface's. They come from the headers' text alone,
  /// so that the test covers a name that is added later.
  private static func names() throws -> [String] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: stubs).filter {
      $0.hasSuffix(".h") && !$0.hasPrefix("mhp/")
    }
    var names: Set<String> = []
    // Nothing uses a name that occurs only once.
    var words: [Substring: Int] = [:]
    func count(_ text: String) {
      for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) {
        words[word, default: 0] += 1
      }
    }
    count(try reference())
    for path in paths {
      let text = String(
        decoding: try Data(contentsOf: URL(filePath: "\(stubs)/\(path)")), as: UTF8.self)
      count(text)
      let parsed = try ItemParser.parse(SplicedText(source(text, name: path)), isStrict: true)
      for item in parsed.items { names.formUnion(item.names.filter { !$0.hasPrefix("struct ") }) }
    }
    return names.filter { name in
      !name.lowercased().hasPrefix("mhp") && !name.hasPrefix("STUB_") && !name.hasPrefix("CONFIG_")
        && KernelFunction(name: name) == nil && words[name[...], default: 0] > 1
    }.sorted()
  }

  private static func subject(_ text: String) -> SubjectText {
    let file = source(text)
    return SubjectText(
      kind: "file", origin: "init.c",
      files: [SourceFile(path: "arch/riscv/mm/init.c", displayName: "init.c", lines: file.lines)])
  }

  /// Whether the compiler accepts the text as plain C, without any extraction.
  private static func plainCompiles(
    _ text: String, _ compiler: SubjectCompiler
  ) async throws -> Bool {
    // A definition begins in the first column.
    let headers = text.split(separator: "\n").filter { !$0.hasPrefix("\t") && !$0.hasPrefix("#") }
    let own = KernelFunction.allCases.filter { function in
      headers.contains { $0.contains(" \(function.name)(") || $0.contains("*\(function.name)(") }
    }
    let unit =
      own.map { "#define MHP_OWN_\($0.name) 1\n" }.joined() + "#include <mhp/prelude.h>\n" + text
    return try await compiler.isAccepted(
      Extraction(
        unit: unit, extractedText: text, functions: [:], sources: [:], pulled: [], spans: []))
  }

  @Test("takes effect through every macro that uses it in the kernel") func kernelGraph() throws {
    let names = try StubNames(folder: Self.stubs)
    for (macro, used) in KernelMacros.uses {
      var reached: Set<String> = []
      var work = [macro]
      while let name = work.popLast() {
        work += names.used(byMacro: name).filter { reached.insert($0).inserted }
      }
      #expect(names.provides(macro), "no stub header defines \(macro)")
      for name in used {
        #expect(names.provides(name), "no stub header defines \(name)")
        #expect(reached.contains(name), "\(macro) does not use \(name)")
      }
    }
  }

  @Test("that the functions use takes effect when a subject defines it", .timeLimit(.minutes(20)))
  func everyName() async throws {
    let reference = try Self.reference()
    let compiler = SubjectCompiler(stubs: Self.stubs)
    let names = try Self.names()
    #expect(try await Self.plainCompiles(reference, compiler))
    let results = try await withThrowingTaskGroup(
      of: (String, isReached: Bool, isHonoured: Bool).self
    ) { group in
      var waiting = names[...]
      func next() {
        guard let name = waiting.popFirst() else { return }
        group.addTask {
          let text = "#undef \(name)\n#define \(name) \(Self.poison)\(name)\n" + reference
          if try await Self.plainCompiles(text, compiler) { return (name, false, false) }
          do {
            let extraction = try Extraction.extract(from: Self.subject(text), stubs: Self.stubs)
            return (name, true, try await !compiler.isAccepted(extraction))
          } catch {
            return (name, true, true)
          }
        }
      }
      for _ in 0..<4 { next() }
      var results: [(String, isReached: Bool, isHonoured: Bool)] = []
      while let result = try await group.next() {
        results.append(result)
        next()
      }
      return results
    }
    let reached = results.filter(\.isReached)
    #expect(reached.count > 100, "\(reached.count) of \(names.count) names are reached")
    let ignored = reached.filter { !$0.isHonoured }.map(\.0).sorted()
    #expect(ignored.isEmpty, "ignored: \(ignored.joined(separator: ", "))")
  }
}
