// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Glibc
import Pipeline

/// The root command.
struct Mhpcheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mhpcheck",
    abstract: "Checks a backport of the RISC-V memory-hotplug code against a reference.",
    discussion: """
      SUBJECT is one of
        a patch         FILE.patch, FILE.diff, FILE.mbox, or - for standard input
        a C file        e.g. an init.c
        a kernel tree   a folder with arch/riscv/mm/init.c
        a tarball       of such a tree: .tar, .tar.gz, .tar.xz, .tar.zst
        git:PATH@REV    that revision of a local repository, without a checkout
        debian:PACKAGE  e.g. debian:linux-source-6.12, fetched once with apt
        builtin         the embedded reference

      Exit status: 0 conforms; 1 differs, which includes an older state that lacks fixes; 2 wrong \
      usage; 3 the subject could not be read, extracted or compiled; 4 the run could not be \
      completed.
      """,
    version: Version.withToolchain,
    subcommands: [
      Check.self, Compare.self, Fleet.self, BisectCommand.self, SeriesCommand.self, Replay.self,
      Confirm.self, Explain.self, List.self, CoverageCommand.self, Mutate.self, Bench.self,
      WorkerCommand.self,
    ])
}

@main
enum Program {
  static func main() async {
    // A worker or a pager that goes away is told by the failing write.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Mhpcheck.parseAsRoot()
      if !(command is WorkerCommand) { Interruption.watch() }
      if var command = command as? AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as PipelineError {
      Output.complain(error.message)
      exit(error.status.rawValue)
    } catch {
      if Mhpcheck.exitCode(for: error) == .validationFailure {
        Output.complain(Mhpcheck.message(for: error))
        exit(ExitStatus.usage.rawValue)
      }
      Mhpcheck.exit(withError: error)
    }
  }
}
