// SPDX-License-Identifier: GPL-2.0-only

extension ReproducerC {
  /// The sources of a reproducer: those of the machine, except for the loading and confinement of untrusted
  /// objects, and those that judge the case.
  static let sources =
    ["core.c", "digest.c", "fault.c", "guard.c", "ledger.c", "machine.c", "machine.h"].map {
      "machine/\($0)"
    } + ["pool.c", "sections.c", "stack.c", "trace.c"].map { "machine/\($0)" }
    + ["outcome.h", "reproduce.c", "reproduce.h", "rules.c", "words.c"].map { "reproducer/\($0)" }

  /// The makefile that builds and runs a reproducer. It takes `make CC=clang` and
  /// `make CFLAGS="-O1 -g -fsanitize=address,undefined"`.
  static let makefile = """
    # SPDX-License-Identifier: GPL-2.0-only
    #
    # make        builds the reproducer
    # make run    runs it: status 0 when the subject does what is right, 1 when not
    #
    # The kernel's own flags, where they change meaning; undefined behaviour traps.
    CC ?= cc
    CFLAGS ?= -O2 -Wall
    KERNEL := -fno-strict-aliasing -fwrapv -fno-delete-null-pointer-checks
    TRAPS ?= -fsanitize=shift,bounds,integer-divide-by-zero,unreachable,bool,vla-bound \\
    \t-fsanitize-undefined-trap-on-error

    reproduce: reproducer.c $(wildcard machine/*.[ch] reproducer/*.[ch] include/*.h stubs/*/*.h)
    \t$(CC) $(CFLAGS) $(KERNEL) $(TRAPS) -I stubs -o $@ reproducer.c machine/*.c reproducer/*.c \\
    \t\t-pthread -lrt

    .PHONY: run clean
    run: reproduce
    \t./reproduce

    clean:
    \trm -f reproduce

    """
}
