// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// One text in every form in which people keep texts and patches, made at run time from the embedded
/// reference.
///
/// It consists of two commits on a file without the hotplug block. The first adds the block without the flush
/// that ends a removal. The second adds the flush or, in the wrong text, makes an unrelated change.
struct SubjectForms: Sendable {
  let scratch: PrivateFolder

  /// The text with the flush.
  static let right = Task { try await SubjectForms(isRight: true) }
  /// The text without the flush.
  static let wrong = Task { try await SubjectForms(isRight: false) }

  private init(isRight: Bool) async throws {
    scratch = try PrivateFolder()
    let block = try KernelText(VariantFiles.reference())
    let flush = "\tflush_tlb_all();\n"
    let end = try #require(block.block.firstRange(of: flush + "}\n"))
    func file(_ middle: String) -> String {
      "/* before */\nint before;\n\n" + block.before + middle + block.after
        + "\nint behind;\n\n#define UNUSED 1\n\nint last;\n"
    }
    var slip = block.block
    slip.replaceSubrange(end, with: "}\n")
    let last = isRight ? block.block : slip.replacing("#endif /*", with: "/* done */\n#endif /*")
    try scratch.write("without.c", file(""))
    try scratch.write("slip.c", file(slip))
    try scratch.write("last.c", file(last))
    try scratch.write("other.c", file(last).replacing("UNUSED 1", with: "UNUSED 2"))
    try scratch.write("make.sh", Self.recipe)
    try await scratch.run("sh", ["-e", "make.sh"])
  }

  /// A form: a description, and the arguments that name it on the command line, with paths relative to the
  /// folder.
  struct Form: Sendable, CustomTestStringConvertible {
    let name: String
    let words: [String]
    /// The file that becomes standard input.
    var input: String?

    init(_ name: String, _ words: String..., input: String? = nil) {
      self.name = name
      self.words = words
      self.input = input
    }

    var testDescription: String { name }
  }

  /// Replays one case on a form.
  func replay(_ form: Form) async throws -> Program.Outcome {
    let input = try form.input.map { try Data(contentsOf: URL(filePath: scratch.file($0))) }
    return try await Program.run(
      ["replay", "vmemmap-free/a-section@sv39"] + form.words, input: Array(input ?? Data()),
      folder: scratch.path)
  }

  private static let recipe = """
    main=arch/riscv/mm/init.c
    git init -q r
    mkdir -p r/arch/riscv/mm plain/arch/riscv/mm
    save() {
    	cp "$1" "r/$main"
    	git -C r add -A
    	git -C r commit -qm "riscv: mm: $2"
    	git -C r tag "$2"
    }
    save without.c base
    save slip.c first
    save last.c last
    git -C r branch branch@with-at
    save other.c other
    save without.c gone
    printf 'config RISCV\\n' > r/arch/riscv/Kconfig
    git -C r add -A
    git -C r commit -qm kconfig
    git -C r tag kconfig
    git -C r checkout -q last

    series="git -C r format-patch -q base..last"
    git -C r diff base last > all.diff
    git -C r diff --no-prefix base last > noprefix.diff
    git -C r diff -U0 base last > bare.diff
    git -C r diff -W first last > whole.diff
    git -C r diff first last > fix.patch
    git -C r diff last gone > gone.diff
    git -C r diff last other > other.diff
    git -C r diff kconfig~1 kconfig > kconfig.diff
    git -C r diff --color=always base last > colour.diff
    git -C r log -p base..last > log.txt
    git -C r log -p --reverse base..last > reverse.txt
    git -C r checkout -q -b squashed base
    cp last.c "r/$main"
    git -C r commit -qam squashed
    git -C r show > show.txt
    git -C r checkout -q last
    diff -u without.c last.c > files.diff || true
    diff -c without.c last.c > context.diff || true
    $series --stdout > all.mbox
    $series --stdout --cover-letter > cover.mbox
    $series --stdout --attach > attach.mbox
    $series --stdout --inline > inline.mbox
    $series -N --stdout > plain.mbox
    $series -o ../folder
    mkdir names eml quilt quilt/sub box box/cur box/new box/tmp odd versions
    cp folder/0001-* names/9-first.patch
    cp folder/0002-* names/10-second.patch
    cp folder/0001-* odd/2-first.patch
    cp folder/0002-* odd/1-second.patch
    cat folder/0002-* folder/0001-* > swapped.mbox
    git -C r format-patch -q -N --stdout base..first > one.mbox
    git -C r format-patch -q -N --stdout first..last > two.mbox
    sed '/^index /d' two.mbox > unordered.mbox
    sed '/^index /d' one.mbox >> unordered.mbox
    $series -v2 --stdout > second.mbox
    cat all.mbox second.mbox > versions.mbox
    sed 1d folder/0002-* > eml/a.eml
    sed 1d folder/0001-* > eml/b.eml
    sed 1d folder/0002-* > box/cur/1700000001.M1P1.host:2,S
    sed 1d folder/0001-* > box/new/1700000002.M2P1.host
    cp folder/0001-* quilt/sub/z.patch
    cp folder/0002-* quilt/a.patch
    printf 'sub/z.patch\\na.patch -p1\\n' > quilt/series
    sed 's/$/\\r/' all.diff > dos.diff
    { printf '\\357\\273\\277'; cat all.diff; } > marked.diff
    { printf 'From: A\\nSubject: [PATCH] x\\nContent-Transfer-Encoding: base64\\n\\n'; base64 all.diff; } > base64.eml
    { printf 'From: A\\nSubject: [PATCH] x\\nContent-Type: text/plain; format=flowed\\n\\n'; sed 's/^ /  /' all.diff; } > flowed.eml
    { printf 'From: B\\nSubject: Re: [PATCH] x\\n\\nA wrote:\\n'; sed 's/^/> /' all.diff; printf '\\nFine.\\n'; } > quote.eml
    { printf 'From: B\\nSubject: Re: [PATCH] x\\n\\n'; head -n 40 all.diff | sed 's/^/> /'; } > part.eml
    printf '<!DOCTYPE html>\\n<pre>%s</pre>\\n' x > page.patch
    printf 'PK\\003\\004xx' > zip.patch
    gzip -k all.mbox
    xz -k all.mbox
    zstd -qk all.mbox
    bzip2 -k all.mbox
    xz -k all.diff last.c
    cp all.mbox.gz unnamed
    cp -r r tree
    rm -rf tree/.git
    tar -cJf tree.tar.xz tree
    tar -cjf tree.tar.bz2 tree
    cp -r tree first
    cp slip.c "first/$main"
    tar -czf first.tgz first
    git -C r bundle create -q ../last.bundle last
    git -C r bundle create -q ../all.bundle --all
    git -C r bundle create -q ../heads.bundle first last
    git -C r bundle create -q ../part.bundle first..last
    mkdir empty
    """
}
