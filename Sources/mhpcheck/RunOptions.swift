// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import FoundationEssentials
import Lab
import Machine
import Port

/// A set of fixes on the command line.
struct FixesArgument: ExpressibleByArgument {
  let fixes: UpstreamFixes

  init(fixes: UpstreamFixes) { self.fixes = fixes }

  init?(argument: String) {
    switch argument {
    case "latest": fixes = .latest
    case "as-merged": fixes = .asMerged
    default:
      var fixes = UpstreamFixes.asMerged
      for commit in argument.split(separator: ",", omittingEmptySubsequences: false) {
        guard let fix = UpstreamFixes(commit: String(commit)) else { return nil }
        fixes.formUnion(fix)
      }
      self.fixes = fixes
    }
  }

  var defaultValueDescription: String { "latest" }

  static var allValueStrings: [String] {
    ["latest", "as-merged"] + UpstreamFixes.all.map(\.commit)
  }
}

/// A paging mode on the command line.
struct ModeArgument: ExpressibleByArgument {
  let mode: PagingMode

  init?(argument: String) {
    guard let mode = Architecture.riscv.mode(named: argument.lowercased()) else { return nil }
    self.mode = mode
  }

  static var allValueStrings: [String] { Architecture.riscv.modes.map(\.name) }
}

/// The option for the number of workers.
struct JobOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Worker processes at a time (default: one a core).", valueName: "n"))
  var jobs: Int?

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs takes 1 to 1024") }
  }

  /// The number of parallel worker processes.
  var jobCount: Int {
    MachineLimits.jobs(jobs ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}

/// The options of every command that runs cases.
struct CaseOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The paging modes to run (default: all).", valueName: "mode"))
  var mode: [ModeArgument] = []

  @OptionGroup var workers: JobOptions

  @OptionGroup var show: ShowOptions

  /// The requested modes, each once, fewest levels first.
  var modes: [PagingMode] {
    let asked = Set(mode.map(\.mode))
    return Architecture.riscv.modes.filter { asked.isEmpty || asked.contains($0) }
  }

  /// The number of parallel worker processes.
  var jobCount: Int { workers.jobCount }
}

/// The options for the amount of cases.
struct EffortOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How much to run: smoke (the named cases), standard (also universes of small machines, \
      millions 
      """
        + "of cases, and random cases) or deep (hundreds of millions).", valueName: "depth"))
  var depth: Depth = .standard

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Run only these of what the depth has: catalogue, universes, random.", valueName: "means"))
  var only: [CaseSource] = []

  /// The case sources to run, as far as the depth includes them.
  var means: Set<CaseSource> { Set(only.isEmpty ? CaseSource.allCases : only) }
}

extension Depth: ExpressibleByArgument {}
extension CaseSource: ExpressibleByArgument {}

/// The options of every command that compares a subject with the port.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The fixes to hold the subject against: as-merged, commits separated by commas, or latest.",
      valueName: "fixes"))
  var against = FixesArgument(fixes: .latest)

  @Option(help: ArgumentHelp("The seed of everything drawn at random.", valueName: "n"))
  var seed = CheckRequest.usualSeed

  @OptionGroup var cases: CaseOptions

  @OptionGroup var subject: SubjectArguments
}

/// The options for reading and compiling a subject.
struct SubjectArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Apply the patch to this first: a file, a tree, or any other SUBJECT that is no patch.",
      valueName: "subject"),
    completion: .file())
  var base: String?

  @OptionGroup var configuration: ConfigurationArguments

  @Option(
    name: .customLong("include"), parsing: .singleValue,
    help: ArgumentHelp(
      "Take definitions that the subject lacks from this C file or header.", valueName: "file"),
    completion: .file())
  var includes: [String] = []

  @Option(
    help: ArgumentHelp("The C compiler (default: clang, gcc or cc on PATH).", valueName: "path"))
  var cc: String?

  /// The arguments that may be input files.
  func filesRead(beside subject: String) -> [String] {
    [subject, base, cc].compactMap { $0 } + includes
  }

  /// The options as a value.
  var options: SubjectOptions {
    SubjectOptions(
      baseFile: base, defines: configuration.defines, undefines: configuration.undefines,
      includes: includes, compiler: cc)
  }
}
