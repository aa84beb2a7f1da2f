// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// Containers with hidden members, invalid options, and texts that paste refused words from two halves.
@Suite("A container or an option")
struct ContainerAttacks {
  private static let replay = "$P replay vmemmap-free/a-section@sv39"
  private static let main = "arch/riscv/mm/init.c"
  /// The right text as `right/`, and a text without the flushes as `wrong/`.
  private static let trees = """
    mkdir -p right/arch/riscv/mm wrong/arch/riscv/mm; cp "$R" right/\(main)
    sed '/flush_tlb/d' "$R" > wrong/\(main)
    put() { tar -rf x.tar --transform "s,^[a-z]*/,${2:-linux}/," "$1/\(main)"; }

    """

  private static func tar(
    _ name: String, _ script: String, status: Int, says words: String? = nil
  ) -> ShellAttack {
    ShellAttack(
      "a tarball: \(name)",
      "{ \(trees)\(script); } > /dev/null && \(replay) ${S:-x.tar} > /dev/null", status: status,
      says: words)
  }

  /// Of two members with one name the last counts, as for tar.
  private static let members: [ShellAttack] = [
    tar("one text", "put right", status: 0),
    tar("the other text", "put wrong", status: 1),
    tar("the right text, then the other", "put right; put wrong", status: 1),
    tar("the other text, then the right one", "put wrong; put right", status: 0),
    tar(
      "the other text at its far end",
      "put right; mkdir z; head -c 9000000 /dev/zero > z/z; tar -rf x.tar z; put wrong",
      status: 1),
    tar("the same name with a dot in it", "put right; put wrong linux/.", status: 1),
    tar("the same name with two slashes", "put right; put wrong linux/", status: 1),
    tar("the same name behind a dot", "put right; put wrong ./linux", status: 1),
    tar(
      "the same, packed", "put right; put wrong; gzip x.tar; S=x.tar.gz", status: 1),
    tar(
      "a link in place of the text",
      "put right; ln -sf /etc/passwd right/\(main); put right", status: 3, says: "is a link"),
    tar(
      "the text in place of a link",
      "ln -sf /etc/passwd wrong/\(main); put wrong; put right", status: 0),
    tar(
      "another tree that lies deeper", "put right; put wrong linux/old", status: 0),
  ]

  /// There is a limit on the total size of unpacked files.
  private static let totals: [ShellAttack] = [
    tar(
      "large files by the dozen",
      "put right; for i in 1 2 3 4 5; do truncate -s 60M right/arch/riscv/mm/$i.c; done; "
        + "tar -c right | gzip -1 > x.tgz; S=x.tgz", status: 3, says: "more than any kernel tree"),
    ShellAttack(
      "a tree of large files by the dozen",
      "mkdir -p t/arch/riscv/mm; cp \"$R\" t/\(main); "
        + "for i in 1 2 3 4 5; do truncate -s 60M t/arch/riscv/mm/$i.c; done; \(replay) t",
      status: 3, says: "more than any kernel tree"),
    ShellAttack(
      "a tarball of names without end",
      """
      python3 - > x.tar <<'END'
      import sys, tarfile
      out = tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.GNU_FORMAT)
      for i in range(290):
          member = tarfile.TarInfo("%s/%d/arch/riscv/mm/a.c" % ("a/" * 500000, i))
          out.addfile(member)
      out.close()
      END
      \(replay) x.tar
      """, status: 3, says: "contains no"),
    ShellAttack(
      "a file without an end", "\(replay) \"$R\" --include /dev/zero", status: 3),
    ShellAttack(
      "a scenario without an end", "$P replay /dev/zero builtin", status: 3, says: "larger"),
    ShellAttack(
      "expectations without an end", "$P check no.c --expect /dev/zero", status: 2,
      says: "cannot be read"),
  ]

  /// Arguments of -D and -U that a compiler could take for something else.
  private static let words: [ShellAttack] =
    [
      "-D @file", "-D -x", "-D ''", "-D 1A", "-D 'A B'", "-D '(x)=1'", "-D 'F(x'", "-D 'F(x)'",
      "-D 'F(1)=x'", "-D $'A=1\\n#include \"x\"'", "-D A-B", "-D =1", "-D -DA", "-D '@'",
      "-D $'\\xc3\\xa9'", "-U @file", "-U -x", "-U ''", "-U A=1", "-U 'A B'", "-U -DA", "-U 'A()'",
    ].map {
      ShellAttack("check \($0)", "$P check no.c \($0)", status: 2, says: String($0.prefix(2)))
    }
    + [
      "compare no.c no.c", "coverage no.c", "mutate no.c", "series no.c", "fleet no.c",
      "replay vmemmap-free/a-section@sv39 no.c", "bisect --repo . --good a --bad b",
    ].map { ShellAttack("\($0) -D @file", "$P \($0) -D @file", status: 2, says: "-D @file") }
    + [
      ["A"], ["A=1"], ["A="], ["A=x=y"], ["_a9=(1 + 2)"], ["F(a)=a"], ["F(a, b)=a"], ["F()=1"],
      ["F(...)=__VA_ARGS__"],
    ].map {
      ShellAttack("check -D '\($0[0])'", "$P check no.c -D '\($0[0])'", status: 3, says: "no.c")
    }

  /// A text with some lines before the function and some inside of it.
  private static func text(
    _ name: String, _ before: String, _ inside: String, status: Int = 3
  ) -> [ShellAttack] {
    ["clang", "gcc"].map { compiler in
      ShellAttack(
        "a text that makes \(name), for \(compiler)",
        """
        awk -v before='\(before)' -v inside='\(inside)' '
          /void __ref vmemmap_free\\(|void vmemmap_free\\(/ { print before; found = 1 }
          { print }
          found && /^{/ { print inside; found = 0 }' "$R" > s.c
        grep -q CAT s.c && \(replay) s.c --cc \(compiler)
        """, status: status)
    }
  }

  private static let paste = "#define CAT(a, b) a ## b"

  private static let pasted: [ShellAttack] = [
    ("__has_include", "#if CAT(__has_, include)(\"/etc/passwd\")\\nif (0) return;\\n#endif"),
    (
      "__has_include_next",
      "#if CAT(__has_, include_next)(\"/etc/passwd\")\\nif (0) return;\\n#endif"
    ),
    ("__has_embed", "#if CAT(__has_, embed)(\"/etc/passwd\")\\nif (0) return;\\n#endif"),
    ("a pragma for the compiler", "CAT(_Pra, gma)(\"pack(1)\")"),
    ("a pragma for the preprocessor", "CAT(_Pra, gma)(\"GCC poison mhpcheck\")"),
    ("a pragma that reads", "CAT(_Pra, gma)(\"GCC dependency \\\\\"/etc/passwd\\\\\"\")"),
    ("assembly", "CAT(as, m)(\"nop\");"), ("more assembly", "CAT(__as, m__)(\"nop\");"),
    ("volatile assembly", "CAT(__a, sm) volatile (\"nop\");"),
  ].flatMap { text($0, paste, $1) }

  /// Settings of a repository do not affect what the program reads from it.
  private static let settings: [ShellAttack] = [
    "diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.relative=true",
    "diff.orderFile=/nowhere", "diff.interHunkContext=9999", "diff.context=50",
    "diff.external=false", "diff.algorithm=nonsense", "diff.suppressBlankEmpty=true",
    "diff.wsErrorHighlight=all", "diff.colorMoved=zebra", "color.ui=always", "color.diff=always",
    "diff.renames=nonsense", "diff.srcPrefix=x/", "core.quotePath=false", "core.abbrev=4",
    "core.pager=false", "format.noprefix=true", "format.pretty=nonsense", "format.signOff=true",
    "format.attach=x", "format.encodeEmailHeaders=true", "log.showSignature=true", "log.date=raw",
    "user.useConfigOnly=true", "core.logAllRefUpdates=always", "commit.gpgSign=true",
    "i18n.logOutputEncoding=UTF-16", "core.bigFileThreshold=1", "core.hooksPath=/nowhere",
    "alias.diff=!false", "core.fsmonitor=false", "transfer.fsckObjects=true",
    "core.attributesFile=/nowhere", "core.autocrlf=true", "core.whitespace=cr-at-eol",
  ].chunked(by: 8).map { settings in
    ShellAttack(
      "a repository with \(settings.joined(separator: ", "))",
      """
      {
      export HOME=$PWD GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=A
      export GIT_COMMITTER_EMAIL=a@b
      git init -q r; mkdir -p r/arch/riscv/mm; echo 'int before;' > r/\(main)
      git -C r add .; git -C r commit -qm base; git -C r tag base
      cat "$R" >> r/\(main); git -C r commit -qam "riscv: mm: last"; git -C r tag last
      git -C r bundle create -q ../x.bundle last
      for s in \(settings.map { "'\($0)'" }.joined(separator: " ")); do
        git config -f r/.git/config "${s%%=*}" "${s#*=}"
        git config -f .gitconfig "${s%%=*}" "${s#*=}"
      done
      printf '*.c -diff\\n*.c diff=x\\n' > r/.git/info/attributes
      git config -f r/.git/config diff.x.command false
      git config -f r/.git/config diff.x.textconv false
      git config -f r/.git/config diff.x.binary true
      } > /dev/null || exit 9
      \(replay) x.bundle > /dev/null || exit
      cd r/arch/riscv && \(replay) git:../..@base..last > /dev/null
      """, status: 0)
  }

  @Test("cannot change what is judged", arguments: members + totals + words + pasted + settings)
  func attack(attack: ShellAttack) async throws { try await attack.run() }
}

extension [String] {
  /// Rows of at most `count` elements.
  fileprivate func chunked(by count: Int) -> [[String]] {
    stride(from: 0, to: self.count, by: count).map {
      Array(self[$0..<Swift.min($0 + count, self.count)])
    }
  }
}
