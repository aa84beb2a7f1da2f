// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Glibc
import Lab
import Machine

/// The root command.
struct Mhpcheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mhpcheck",
    abstract: "Checks a backport of the RISC-V memory-hotplug code against a reference.",
    discussion: """
      SUBJECT is one of
        a patch         FILE.patch, .diff, .eml or .mbox, or - for standard input
        patches         a folder of such files, quilt's with its series, or a Maildir
        a C file        e.g. an init.c
        a kernel tree   a folder with arch/riscv/mm/init.c
        a tarball       of such a tree: .tar, .tar.gz, .tar.xz, .tar.zst, .tar.bz2
        git:PATH@REV    that revision of a local repository, without a checkout
        git:URL@REV     that revision, fetched (https, http, git or file)
        git:PATH@A..B   what the commits after A up to B change
        a bundle        of git's, FILE.bundle, or FILE.bundle@REV or @A..B
        debian:PACKAGE  e.g. debian:linux-source-6.12, fetched once with apt
        builtin         the embedded reference
      Patches, mails and files may be packed by gzip, xz, zstd or bzip2. --base takes any SUBJECT \
      that is no patch.

      Exit status: 0 conforms; 1 differs, which includes an older state that lacks fixes; 2 wrong \
      usage; 3 the subject could not be read, extracted or compiled; 4 the run could not be \
      completed.
      """,
    version: Version.line,
    subcommands: [
      Check.self, Compare.self, Fleet.self, Merge.self, BisectCommand.self, SeriesCommand.self,
      Replay.self, Confirm.self, Explain.self, List.self, CoverageCommand.self, Mutate.self,
      Bench.self, WorkerCommand.self, SweepCommand.self,
    ])
}

@main
enum Program {
  static func main() async {
    // With the signal ignored, a write to a worker or pager that has exited fails with an error.
    signal(SIGPIPE, SIG_IGN)
    Output.holdPlaces()
    if let complaint = Verbs.complaint(CommandLine.arguments.dropFirst().first) {
      Output.complain(complaint)
      exit(ExitStatus.usage.rawValue)
    }
    do {
      var command = try Mhpcheck.parseAsRoot()
      if !(command is WorkerCommand || command is SweepCommand) {
        if command is AsyncParsableCommand { try MachineLimits.check() }
        Interruption.watch()
      }
      if var command = command as? AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as Failure {
      Output.complain(error)
      exit(error.status.rawValue)
    } catch {
      if Mhpcheck.exitCode(for: error) == .validationFailure {
        Output.complain(ParserMessage.line(Mhpcheck.message(for: error)))
        exit(ExitStatus.usage.rawValue)
      }
      leave(with: error)
    }
  }

  /// Exits as the parser requests: with help, a version or a status.
  private static func leave(with error: any Error) -> Never {
    let status = Mhpcheck.exitCode(for: error)
    let text = Mhpcheck.fullMessage(for: error)
    guard !text.isEmpty else { exit(status.rawValue) }
    guard status.isSuccess else {
      Output.draw(text + "\n")
      exit(status.rawValue)
    }
    do throws(Failure) {
      try Output.write(text + "\n")
    } catch {
      Output.complain(error)
      exit(error.status.rawValue)
    }
    exit(status.rawValue)
  }
}
