// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Lab
import Reports
import Synchronization

/// The progress line on standard error: the step, the cases, the cases per second, the remaining time.
final class ProgressLine: Sendable {
  private struct State {
    var step = ""
    var start = ContinuousClock.now
    var drawn = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let columns: Int
  /// The minimum time between two updates, because nobody can read faster ones.
  private static let interval = Duration.milliseconds(100)
  private static let clear = "\r\u{1b}[K"

  /// Creates a line for a terminal of this width.
  init(columns: Int) { self.columns = columns }

  /// The callbacks for a run.
  var progress: RunProgress {
    RunProgress(
      step: { self.begin($0) },
      note: { Output.complain($0, before: Self.clear) },
      finding: { Output.complain($0, before: Self.clear) },
      cases: { self.show(done: $0, of: $1) },
      mutants: { self.show(done: $0, of: $1, "mutants") })
  }

  private func begin(_ step: String) {
    state.withLock { state in
      state.step = Output.language.text(step)
      state.start = .now
      state.drawn = .now
    }
    draw("\(Output.language.text(step)) ...")
  }

  private func show(done: Int, of all: Int, _ unit: String = "cases") {
    let line: String? = state.withLock { state in
      let now = ContinuousClock.now
      guard done == all || now - state.drawn >= Self.interval else { return nil }
      state.drawn = now
      return Self.text(
        step: state.step, done: done, of: all, seconds: (now - state.start) / .seconds(1),
        columns: columns, unit: unit)
    }
    if let line { draw(line) }
  }

  private func draw(_ line: String) {
    Output.draw(Self.clear + SafeText.line(line).prefix(columns - 1))
  }

  /// "running 12 universes [##########          ] 1.60 M of 3.20 M cases, 1.40 M/s, 2 s left".
  static func text(
    step: String, done: Int, of all: Int, seconds: Double, columns: Int, unit: String = "cases"
  ) -> String {
    let width = 20
    let filled = all > 0 ? min(width, done * width / all) : width
    let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
    let say = Output.language.text
    var parts = [say("\(short(done)) of \(short(all)) \(unit)")]
    if seconds > 0.3, done > 0 {
      let rate = Double(done) / seconds
      parts.append("\(short(Int(rate)))/s")
      if done < all {
        parts.append(say("\(DurationText.rounded(Double(all - done) / rate)) left"))
      }
    }
    let tail = parts.joined(separator: ", ")
    // A narrow terminal has no room for the bar.
    let whole = "\(step) [\(bar)] \(tail)"
    return whole.count < columns ? whole : "\(step): \(tail)"
  }

  /// "950", "12.30 k", "3.22 M".
  private static func short(_ count: Int) -> String {
    if count < 10_000 { return "\(count)" }
    let (scale, unit) = count < 1_000_000 ? (1_000, "k") : (1_000_000, "M")
    let hundredths = count * 100 / scale
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) \(unit)"
  }
}
