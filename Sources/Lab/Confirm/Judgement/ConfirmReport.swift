// SPDX-License-Identifier: GPL-2.0-only

/// The results of all cases on one kernel.
public struct ConfirmReport: Hashable, Sendable {
  /// The kernel, as the command line names it: "debian:trixie", or the image's path.
  public var kernel: String
  /// The output of `uname -r`, once a kernel has booted.
  public var release: String?
  /// The virtual machine, e.g. "QEMU 7.2.22".
  public var machine: String
  /// The results, case by case, mode by mode.
  public var cases: [ConfirmedCase]
  /// The total time, in seconds.
  public var seconds: Double
}
