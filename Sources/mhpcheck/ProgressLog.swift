// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Synchronization

/// The progress of a run where no terminal is: every ten seconds a line, so that the log of a CI shows that the
/// run goes on. A short run writes none.
final class ProgressLog: Sendable {
  private struct State {
    var step = ""
    var start = ContinuousClock.now
    var done: (count: Int, of: Int, unit: String)?
  }

  private let state = Mutex(State())
  private let write: @Sendable (String) -> Void

  init(write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// The callbacks for a run. A line follows every `interval` while somebody holds them.
  func progress(every interval: Duration = .seconds(10)) -> RunProgress {
    Task.detached { [weak self] in
      while true {
        try await Task.sleep(for: interval)
        guard let self else { return }
        write(line)
      }
    }
    return RunProgress(
      step: { self.begin($0) }, note: write, finding: write,
      cases: { self.count($0, of: $1, "cases") }, mutants: { self.count($0, of: $1, "mutants") })
  }

  private func begin(_ step: String) {
    let step = Output.language.text(step)
    state.withLock { $0 = State(step: step) }
  }

  private func count(_ done: Int, of all: Int, _ unit: String) {
    state.withLock { $0.done = (done, all, unit) }
  }

  /// "running 12 universes: 1.60 M of 3.20 M cases, 1.40 M/s, 2 s left".
  private var line: String {
    state.withLock { state in
      guard let done = state.done else { return "\(state.step) ..." }
      return ProgressLine.text(
        step: state.step, done: done.count, of: done.of,
        seconds: (ContinuousClock.now - state.start) / .seconds(1), columns: 0, unit: done.unit)
    }
  }
}
