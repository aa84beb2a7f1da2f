// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// Names of report files that lead to something that is not a plain file, or that cannot be written. Most
/// rows use a subject that does not exist: its report says so, and takes no time.
@Suite("A report file")
struct ReportFileAttacks {
  /// Makes a device of the test's own where possible, because a faulty program that runs as root could
  /// replace the machine's device. For the same reason no row names a file in /dev.
  private static let null =
    "{ mknod dev c 1 3 && : > dev; } 2>/dev/null || { rm -f dev; ln -s /dev/null dev; }; "
  private static let full =
    "{ mknod dev c 1 7 && : > dev; } 2>/dev/null || { rm -f dev; ln -s /dev/full dev; }; "
  private static let check = "$P check no.c --json "
  private static let isReport = "grep -q '\"mhpcheck.report/1\"' "

  /// The file that a name leads to keeps its type.
  private static let kinds: [ShellAttack] = [
    ShellAttack(
      "a device", "\(null)\(check) dev", status: 3, says: "no.c", after: "test -c dev"),
    ShellAttack(
      "a pipe with a name", "mkfifo f; cat f > got & \(check) f; s=$?; wait; exit $s", status: 3,
      says: "no.c", after: "test -p f; \(isReport) got"),
    ShellAttack(
      "a pipe of the shell's", "\(check) >(cat > got); s=$?; wait $!; exit $s", status: 3,
      says: "no.c", after: "sleep 0.2; \(isReport) got"),
    ShellAttack(
      "a link", "echo old > t; ln -s t l; \(check) l", status: 3, says: "no.c",
      after: "test -h l; test ! -h t; \(isReport) t"),
    ShellAttack(
      "a link to a link in another folder",
      "mkdir a b; echo old > b/t; ln -s ../b/t a/m; ln -s a/m l; \(check) l", status: 3,
      says: "no.c", after: "test -h l; test -h a/m; \(isReport) b/t"),
    ShellAttack(
      "a link to nothing yet", "mkdir a; ln -s a/t l; \(check) l", status: 3, says: "no.c",
      after: "test -h l; \(isReport) a/t"),
    ShellAttack(
      "a link to itself", "ln -s l l; \(check) l", status: 4, says: "l cannot be written",
      after: "test -h l"),
    ShellAttack(
      "a file of two names", "echo old > t; ln t h; \(check) h", status: 3, says: "no.c",
      after: "test t -ef h; \(isReport) t"),
    ShellAttack(
      "a file that nobody else may read", "echo old > t; chmod 640 t; \(check) t", status: 3,
      says: "no.c", after: "test $(stat -c %a t) = 640; \(isReport) t"),
    ShellAttack(
      "a new file", "umask 027; \(check) t", status: 3, says: "no.c",
      after: "test $(stat -c %a t) = 640; \(isReport) t"),
    ShellAttack(
      "a file that somebody reads meanwhile",
      "echo old > t; exec 5< t; \(check) t; s=$?; cat <&5 > got; exit $s", status: 3,
      says: "no.c", after: "test $(cat got) = old; \(isReport) t"),
    ShellAttack(
      "standard output by a name", "ln -s /proc/self/fd/1 l; \(check) l > got", status: 3,
      says: "no.c",
      after: "\(isReport) got"),
    ShellAttack(
      "standard error by a name", "ln -s /proc/self/fd/2 l; \(check) l 2> got", status: 3,
      after: "\(isReport) got; grep -q '^mhpcheck: no.c' got"),
    ShellAttack(
      "a descriptor by a name", "ln -s /proc/self/fd/5 l; \(check) l 5> got", status: 3,
      says: "no.c",
      after: "\(isReport) got"),
    ShellAttack(
      "a name of spaces and line breaks", "\(check) $' \\n\\t'", status: 3, says: "no.c",
      after: "\(isReport) $' \\n\\t'"),
    ShellAttack(
      "the longest name", "\(check) $(printf %0255d 0)", status: 3, says: "no.c",
      after: "\(isReport) $(printf %0255d 0)"),
  ]

  /// A file that cannot be written is refused before the program looks for the subject.
  private static let refused: [ShellAttack] =
    [
      ("a folder that is not there", "", "/nowhere/r"), ("a folder", "mkdir d; ", "d"),
      ("a name that ends like a folder's", "", "d/"), ("no name", "", "''"),
      ("a file below a file", "echo x > t; ", "t/r"),
      ("a link to where nothing can be", "ln -s /nowhere/r l; ", "l"),
      ("a file of /proc", "", "/proc/r"), ("a name too long", "", "$(printf %0256d 0)"),
      (
        "a socket",
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'; ", "s"
      ),
    ].map { name, before, path in
      ShellAttack(name, "\(before)\(check) \(path)", status: 4, says: "cannot be written")
    } + [
      ShellAttack(
        "standard output that is closed", "\(check) - >&-", status: 4,
        says: "standard output cannot be written"),
      ShellAttack(
        "two names of one file", "echo x > t; ln -s t l; \(check) l --html ./t", status: 2,
        says: "one file", after: "grep -q x t"),
      ShellAttack(
        "two names of one file to be", "\(check) t --html ./t", status: 2, says: "one file",
        after: "test ! -e t"),
      ShellAttack(
        "the subject itself", "echo 'int x;' > s.c; ln -s s.c l; $P check s.c --json l",
        status: 2, says: "one file", after: "test \"$(cat s.c)\" = 'int x;'"),
      ShellAttack(
        "the file of expectations",
        "printf 'schema: mhpcheck.expectations/1\\nexpected: []\\n' > e; "
          + "\(check) e --expect e", status: 2, says: "e is read", after: "grep -q schema e"),
    ]

  /// The options that every verb has, and those that only a check has.
  private static let common = ["--json", "--markdown", "--html"]
  private static let ofChecks = SnapshotFormat.files.map(\.option).filter { !common.contains($0) }

  /// Every verb that writes a report follows the same rules.
  private static let verbs: [ShellAttack] =
    ([
      "check no.c", "compare no.c no.c", "fleet no.c", "series no.c", "coverage no.c",
      "mutate no.c", "bisect --repo no --good a --bad b", "bench --quick",
      "replay vmemmap-free/a-section no.c", "explain H1", "list", "confirm",
    ].flatMap { verb in common.map { "\(verb) \($0)" } }
    + ofChecks.map { "check no.c \($0)" }).map { verb in
      ShellAttack(
        "of mhpcheck \(verb)", "$P \(verb) /nowhere/r", status: 4,
        says: "/nowhere/r cannot be written")
    }

  /// A full disk and a reader that has gone away are errors with their exit status.
  private static let unheard: [ShellAttack] =
    [
      "list", "list cases", "list universes", "list rules", "list fixes", "list hazards",
      "list --show vmemmap-free/a-section@sv39", "explain", "explain H1", "confirm --list",
      "--help", "check --help", "--version", "--generate-completion-script bash",
      "replay free-pmd-table/empty-hot-added@sv39", "fleet no.c", "check no.c --json -",
      "fleet no.c --html -",
    ].flatMap { verb in
      [
        ShellAttack(
          "mhpcheck \(verb) on a full disk", "$P \(verb) > /dev/full", status: 4,
          says: "standard output cannot be written: No space left on device"),
        ShellAttack(
          "mhpcheck \(verb) without standard output", "$P \(verb) >&-", status: 4,
          says: "standard output cannot be written"),
      ]
    } + [
      ShellAttack(
        "mhpcheck list cases into a closed pipe",
        "$P list cases | true; exit ${PIPESTATUS[0]}", status: 4,
        says: "standard output cannot be written: Broken pipe"),
      ShellAttack(
        "a report on a full disk", "\(full)\(check) dev", status: 4,
        says: "dev cannot be written: No space left on device", after: "test -c dev"),
      ShellAttack(
        "mhpcheck check without standard descriptors", "\(check) t 0>&- 1>&- 2>&-", status: 3,
        after: "\(isReport) t"),
    ]

  @Test(
    "keeps its type, or is refused before the run, and a failed write is an error",
    arguments: kinds + refused + verbs + unheard)
  func attack(attack: ShellAttack) async throws { try await attack.run() }

  /// In a name space of its own, a file system of one page, which an old report fills.
  private static let fullDisk = ShellAttack(
    "a report in place of another on a full disk",
    """
    mkdir d; unshare -rm bash -c 'mount -t tmpfs -o size=4k none d; echo old > d/t
    $P check no.c --json d/t; s=$?
    test "$(cat d/t)" = old && test "$(ls -A d)" = t || s=99; exit $s'
    """, status: 4, says: "d/t cannot be written: No space left on device")

  @Test(
    "keeps its old content if the disk is full",
    .enabled("unshare(1) is not permitted") { await Program.can("unshare", "-rm", "true") })
  func full() async throws { try await Self.fullDisk.run() }
}
