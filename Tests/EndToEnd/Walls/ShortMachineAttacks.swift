// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// Machines that give the program too little of some resource. Each run ends in bounded time, with its normal
/// result or with one line.
@Suite("A run on a machine short of resources")
struct ShortMachineAttacks {
  /// Needs a worker, but no compiler.
  private static let replay = "$P replay vmemmap-free/a-section@sv39 builtin > /dev/null"
  /// Needs a compiler and several workers.
  private static let check =
    "cp \"$R\" s.c; $P check s.c --mode sv39 --depth smoke --quiet --no-coverage --jobs 4 > /dev/null"

  /// A limit, with values that are far too low and values near the requirement. Below the requirement the
  /// program refuses the machine; above it the run ends normally.
  private struct Limit {
    var option: String
    var what: String
    var far: [Int]
    var near: [Int]
  }

  private static let limits = [
    Limit(
      option: "n", what: "open files",
      far: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 24, 32, 47],
      near: [48, 50, 56, 64]),
    Limit(
      option: "v", what: "address space",
      far: [150_000, 200_000, 300_000, 500_000, 1_000_000, 1_500_000, 2_000_000],
      near: [2_097_152, 2_200_000, 3_000_000, 4_000_000]),
    Limit(option: "d", what: "data", far: [100_000, 1_000_000], near: [2_097_152]),
    Limit(option: "t", what: "processor time", far: [1, 2, 5], near: [12, 25]),
    Limit(option: "s", what: "stack", far: [128, 256], near: [512, 1024]),
    Limit(option: "f", what: "files of", far: [1, 10, 100], near: [1024, 2048]),
  ]

  private static let ulimits: [ShellAttack] = limits.flatMap { limit in
    limit.far.map {
      ShellAttack(
        "ulimit -\(limit.option) \($0)", "ulimit -\(limit.option) \($0); \(replay)", status: 4,
        says: limit.what)
    }
      + limit.near.flatMap {
        [
          ShellAttack(
            "ulimit -\(limit.option) \($0), a case",
            "ulimit -\(limit.option) \($0); \(replay)", status: 0),
          ShellAttack(
            "ulimit -\(limit.option) \($0), a check",
            "ulimit -\(limit.option) \($0); \(check)", status: 0, 3, 4),
        ]
      }
  }

  private static let others: [ShellAttack] = [
    ShellAttack(
      "a limit that may be lifted is", "ulimit -Sn 12; \(replay)", status: 0),
    ShellAttack(
      "many workers and few files",
      "ulimit -n 64; $P check builtin --depth smoke --mode sv39 --quiet --jobs 500 > /dev/null",
      status: 0),
    ShellAttack(
      "no folder for what is temporary", "export TMPDIR=/nowhere; \(check)", status: 4,
      says: "/nowhere"),
    ShellAttack(
      "what needs no machine goes on one that is short", "ulimit -n 8; $P list > /dev/null",
      status: 0),
  ]

  /// Limits on processes and threads, for a user other than root, because root is exempt.
  private static let threads: [ShellAttack] = [1, 2, 3, 4, 6, 8].map {
    ShellAttack(
      "\($0) threads",
      "cp $P p 2>/dev/null; chmod -R a+rX ..; as() { if test $(id -u) = 0; then "
        + "setpriv --reuid 54321 --clear-groups \"$@\"; else \"$@\"; fi; }; "
        + "as prlimit --nproc=\($0):\($0) $P replay vmemmap-free/a-section@sv39 builtin > /dev/null",
      status: 4, says: "threads")
  }

  @Test("succeeds, or says in one line what is short", arguments: ulimits + others + threads)
  func attack(attack: ShellAttack) async throws { try await attack.run() }
}
