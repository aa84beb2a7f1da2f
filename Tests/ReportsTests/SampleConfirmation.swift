// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine
@testable import Lab
@testable import Oracle
@testable import Reports

/// Confirmations without kernels.
enum SampleConfirmation {
  static func confirmCase(_ id: String) -> ConfirmCase {
    ConfirmCase(
      id: id, purpose: "A case.", modes: nil, isShort: false,
      boot: [.init(base: 0x8000_0000, size: 0x4000_0000)],
      regions: [.init(base: 0x1_4000_0000, size: 0x4000_0000)], driver: .init(kind: .raw),
      steps: [.init(.add, region: 0), .init(.remove, region: 0)],
      compare: ConfirmCase.Aspect.allCases)
  }

  static let steps = [
    JudgedStep(title: "add 0", leaves: 520, tables: 5, events: 9),
    JudgedStep(title: "remove 0", leaves: 8, tables: 3, events: 21),
  ]

  static let disagreement = Disagreement(
    step: "add 0", aspect: .tables, place: "linear map at 0xff60000090000000",
    model: "a 2 MiB leaf", kernel: "nothing")

  static let hazard = SeenHazard(
    id: .h1, step: "remove 0", predicted: "the memmap of region 1 is unmapped",
    seen: "the kernel stops", lines: ["Unable to handle kernel paging request", "epc : memunmap"])

  /// One case that agrees, one that does not, one that was skipped.
  static func report(
    disagreements: [Disagreement] = [disagreement], hazards: [SeenHazard] = [hazard],
    reason: String = "no such driver", kernel: String = "debian:trixie",
    release: String? = "6.12.107-riscv64"
  ) -> ConfirmReport {
    ConfirmReport(
      kernel: kernel, release: release, machine: "QEMU 7.2.22",
      cases: [
        ConfirmedCase(
          confirmCase: confirmCase("linear/short"), mode: "sv39", status: .agrees, seconds: 4.125,
          steps: steps),
        ConfirmedCase(
          confirmCase: confirmCase("linear/much-longer"), mode: "sv57", status: .disagrees,
          seconds: 12, steps: [steps[0]], disagreements: disagreements, hazards: hazards,
          missingFixes: ["21f1b85c8912", "a0188cc13369"]),
        ConfirmedCase(
          confirmCase: confirmCase("kmem/blocks"), mode: "sv48", status: .skipped(reason),
          seconds: 0),
      ], seconds: 16.5)
  }

  /// Texts of a hostile kernel, which try to break the format that shows them.
  static let hostile =
    "\u{1b}[2J|`--><script>alert(1)</script>&\"'\u{202e}\r\nok       forged  sv39\t\u{0}"
}
