// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Glibc
import Lab
import Reports

/// Where the program writes: the one place that does.
enum Output {
  /// Whether to colour standard output: only on a terminal, and not with NO_COLOR set.
  static var style: TextStyle {
    let refused = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    guard isatty(STDOUT_FILENO) == 1 else { return TextStyle(isColoured: false) }
    return TextStyle(isColoured: !refused, columns: columns(of: STDOUT_FILENO))
  }

  /// A terminal's width; nil when it does not say.
  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Fills the places of standard descriptors that were closed, so that no pipe or file of the program's own
  /// gets there; with what cannot be used as they would be.
  static func holdPlaces() {
    for (place, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ]
    where fcntl(place, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Writes text to standard output; throws when it does not get there.
  static func write(_ text: String) throws(PipelineError) {
    if let code = put(text, to: STDOUT_FILENO) {
      throw Destination.refusal("standard output", code)
    }
  }

  /// One line on standard error, after what it is to be put over.
  static func complain(_ message: String, before prefix: String = "") {
    let line = SafeText.line(message.split(whereSeparator: \.isNewline).joined(separator: " "))
    put("\(prefix)mhpcheck: \(line)\n", to: STDERR_FILENO)
  }

  /// What a run tells on standard error: a line that is drawn over and over on a terminal; elsewhere
  /// only what is to be known beforehand.
  static func progress(isQuiet: Bool) -> RunProgress {
    if isQuiet { return RunProgress() }
    guard isatty(STDERR_FILENO) == 1 else { return RunProgress(note: { complain($0) }) }
    return ProgressLine(columns: columns(of: STDERR_FILENO) ?? 80).progress
  }

  /// Draws on standard error.
  static func draw(_ text: String) { put(text, to: STDERR_FILENO) }

  /// Draws the last lines of a guest's console on standard error.
  static func drawConsole(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let shown = lines.suffix(20).map { "  | \(SafeText.line(SafeText.shortened($0, to: 200)))" }
    draw((["the guest's last lines:"] + shown).joined(separator: "\n") + "\n")
  }

  /// Says on a terminal what is being done, over what was said before.
  static func tell(_ what: String) {
    if isatty(STDERR_FILENO) == 1 { put("\r\u{1b}[K\(SafeText.line(what))", to: STDERR_FILENO) }
  }

  /// Takes the progress line away.
  static func endProgress() {
    if isatty(STDERR_FILENO) == 1 { put("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  /// Writes all of a text; the error number where that fails.
  @discardableResult
  static func put(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
          continue
        }
        switch errno {
        case EINTR: break
        case EAGAIN:
          // Somebody else made the descriptor so that it does not wait.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&ready, 1, -1)
        default: return errno
        }
      }
      return nil
    }
  }
}
