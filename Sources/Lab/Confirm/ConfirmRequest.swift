// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port
import Reports
import Subjects

/// What `mhpcheck confirm` is asked to do, as a value.
public struct ConfirmRequest: Sendable {
  /// The kernel that is to run.
  public var kernel: GuestKernel
  /// The paging modes that were asked for.
  public var modes: [PagingMode]
  /// Ids of the cases to run; nil is all of them.
  public var cases: [String]?
  /// Whether only the cases of the short form are run.
  public var isShort: Bool
  /// The folder that console logs, device trees and snapshots are kept in; nil keeps none.
  public var keep: String?
  /// Guests at a time.
  public var jobs: Int
  /// The folder for what is fetched; nil is the user's own.
  public var cacheFolder: String?

  public init(
    kernel: GuestKernel, modes: [PagingMode] = Architecture.riscv.modes, cases: [String]? = nil,
    isShort: Bool = false, keep: String? = nil, jobs: Int, cacheFolder: String? = nil
  ) {
    self.kernel = kernel
    self.modes = modes
    self.cases = cases
    self.isShort = isShort
    self.keep = keep
    self.jobs = jobs
    self.cacheFolder = cacheFolder
  }

  /// One case in one mode: what a guest is booted for.
  public struct Turn: Hashable, Sendable {
    /// The case.
    public var confirmCase: ConfirmCase
    /// The mode.
    public var mode: PagingMode
  }

  /// What is to be run, in the order of the cases' list: each case that was asked for in each of its
  /// modes that was.
  public var turns: [Turn] {
    ConfirmCases.all.filter { (cases?.contains($0.id) ?? true) && ($0.isShort || !isShort) }
      .flatMap { confirmCase in
        modes.filter { confirmCase.modes?.contains($0.name) ?? true }
          .map { Turn(confirmCase: confirmCase, mode: $0) }
      }
  }

  /// A report in which every turn is skipped, for one reason.
  public func skipped(because reason: String) -> ConfirmReport {
    ConfirmReport(
      kernel: kernel.name, release: nil, machine: "",
      cases: turns.map {
        ConfirmedCase(
          confirmCase: $0.confirmCase, mode: $0.mode.name, status: .skipped(reason), seconds: 0)
      }, seconds: 0)
  }

  /// Complains of files of the user's that cannot be read (status 3), and of a folder to keep things in
  /// that is in use (status 2), before anything is fetched or booted.
  public func checkFiles() throws(Failure) {
    if let keep { _ = try OutputFolder(keep) }
    guard case .image(let image, let modules) = kernel else { return }
    do throws(Failure) {
      try ReadableFile.check(image)
    } catch {
      throw Failure(
        .unreadable, "\(error.message); --image takes the image of a riscv64 kernel")
    }
    do throws(Failure) {
      try ReadableFile.checkFolder(modules)
    } catch {
      throw Failure(
        .unreadable, "\(error.message); --modules takes the folder that make modules_install made")
    }
  }
}

extension ConfirmReport {
  /// Whether a virtual machine was there at all; not in a report of what could not be run.
  private var isOfMachine: Bool { !machine.isEmpty }

  /// The exit status that it leads to. A case that was skipped leaves the run incomplete, unless nothing could be
  /// run for want of packages, programs or a network, and that was allowed.
  public func status(skipsMissing: Bool) -> ExitStatus {
    let isSkipped = cases.contains { if case .skipped = $0.status { true } else { false } }
    if isSkipped, isOfMachine || !skipsMissing { return .incomplete }
    return cases.contains { $0.status == .disagrees } ? .differs : .conforms
  }
}
