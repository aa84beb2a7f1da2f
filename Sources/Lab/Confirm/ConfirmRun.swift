// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// What a confirmation tells while it runs.
public enum ConfirmProgress: Sendable {
  /// Something to be known beforehand, e.g. a download.
  case note(String)
  /// A case came to its end: the so-many-th of so many.
  case finished(ConfirmedCase, count: Int, of: Int)
}

/// What `mhpcheck confirm` does: boots a kernel, lets it do what cases say, and holds what it did against
/// the model.
public enum ConfirmRun {
  /// Runs the turns of a request. What befalls one case is that case's business; thrown is what keeps the
  /// others from being run.
  public static func run(
    _ request: ConfirmRequest, progress: @escaping @Sendable (ConfirmProgress) -> Void
  ) async throws(Failure) -> ConfirmReport {
    let clock = ContinuousClock()
    let start = clock.now
    try CaseRunner.checkPrograms()
    let packages = GuestPackages(cacheFolder: request.cacheFolder, searchPath: nil) {
      progress(.note($0))
    }
    let files = try await packages.files(for: request.kernel)
    let folders = try ConfirmFolders(keep: request.keep)
    let results = await turns(of: request, files: files, folders: folders, progress: progress)
    return ConfirmReport(
      kernel: request.kernel.name, release: results.lazy.compactMap(\.release).first,
      machine: results.lazy.compactMap(\.machine).first ?? "QEMU",
      cases: results.map(\.confirmed), seconds: (clock.now - start).inSeconds)
  }

  /// All turns, some at a time, in the order of the request.
  private static func turns(
    of request: ConfirmRequest, files: GuestFiles, folders: borrowing ConfirmFolders,
    progress: @escaping @Sendable (ConfirmProgress) -> Void
  ) async -> [ConfirmTurn.Result] {
    let symbols = SymbolCache()
    let works = request.turns.enumerated().map { number, turn in
      ConfirmTurn(
        turn: turn, files: files, folder: folders.folder(of: turn, number: number),
        symbols: symbols)
    }
    return await withTaskGroup(of: (Int, ConfirmTurn.Result).self) { group in
      var waiting = works.enumerated().makeIterator()
      func startNext() {
        guard let (number, work) = waiting.next() else { return }
        group.addTask { (number, await work.run()) }
      }
      for _ in 0..<max(1, request.jobs) { startNext() }
      var results = [ConfirmTurn.Result?](repeating: nil, count: works.count)
      var count = 0
      for await (number, result) in group {
        results[number] = result
        count += 1
        progress(.finished(result.confirmed, count: count, of: works.count))
        startNext()
      }
      return results.compactMap(\.self)
    }
  }
}

/// One case in one mode, on a kernel of its own.
struct ConfirmTurn: Sendable {
  let turn: ConfirmRequest.Turn
  let files: GuestFiles
  let folder: ConfirmFolders.Folder
  let symbols: SymbolCache

  /// What came of it.
  struct Result: Sendable {
    var confirmed: ConfirmedCase
    /// `uname -r`, where a kernel came up.
    var release: String?
    /// The virtual machine.
    var machine: String?
  }

  func run() async -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    var result: Result
    do throws(Failure) {
      try folder.make()
      let runner = CaseRunner(
        files: files, confirmCase: turn.confirmCase, mode: turn.mode, folder: folder.path,
        symbols: symbols)
      let (recording, machine) = try await runner.record()
      try folder.keep(recording)
      result = Result(
        confirmed: CaseJudge.judge(recording), release: recording.release, machine: machine)
    } catch {
      let reason = ([error.message] + error.console.suffix(3)).joined(separator: " | ")
      result = Result(
        confirmed: ConfirmedCase(
          confirmCase: turn.confirmCase, mode: turn.mode.name, status: .skipped(reason),
          seconds: 0))
    }
    folder.discard()
    result.confirmed.seconds = (clock.now - start).inSeconds
    return result
  }
}

extension Duration {
  /// As a number of seconds.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
