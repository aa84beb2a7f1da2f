// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials
import Glibc
import Lab
import Machine
import Reports

/// The output of the program to standard output and standard error.
enum Output {
  /// The language of reports, errors and progress: that of --language, else of the locale. It is known before
  /// the arguments are parsed, because a complaint about them is in it, too.
  static let language: Language = {
    let words = CommandLine.arguments
    let named = words.enumerated().compactMap { place, word -> String? in
      if word.hasPrefix("--language=") { return String(word.dropFirst(11)) }
      return word == "--language" && place + 1 < words.count ? words[place + 1] : nil
    }.first
    return named.flatMap { Language(rawValue: $0) }
      ?? Language(environment: ProcessInfo.processInfo.environment)
  }()

  /// The style of standard output. It has colours only on a terminal, and not if NO_COLOR is set and not
  /// empty.
  static var style: TextStyle {
    let refused = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    guard isatty(STDOUT_FILENO) == 1 else { return TextStyle(isColoured: false) }
    return TextStyle(isColoured: !refused, columns: columns(of: STDOUT_FILENO))
  }

  /// A terminal's width in columns; nil if the terminal does not report it.
  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Opens /dev/null on standard descriptors that are closed, so that none of the program's own pipes or
  /// files gets such a number. The open mode makes a normal use of the first two fail.
  static func holdPlaces() {
    for (place, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ]
    where fcntl(place, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// Writes text to standard output. Throws if the write fails.
  static func write(_ text: String) throws(Failure) {
    if let code = put(text, to: STDOUT_FILENO) {
      throw Destination.refusal("standard output", code)
    }
  }

  /// Writes a failure to standard error, in one line: the problem and the remedy.
  static func complain(_ failure: Failure) {
    let parts = [failure.message, failure.advice].compactMap { $0 }.map(language.text)
    complain(parts.joined(separator: language == .chinese ? "；" : "; "))
  }

  /// Writes one line to standard error, after `prefix`, which may clear the line on the terminal.
  static func complain(_ message: String, before prefix: String = "") {
    let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    let line = SafeText.line(language.text(words))
    put("\(prefix)mhpcheck: \(line)\n", to: STDERR_FILENO)
  }

  /// The progress of a run on standard error: on a terminal, a line that is updated; elsewhere, a line from time
  /// to time.
  static func progress(isQuiet: Bool) -> RunProgress {
    if isQuiet { return RunProgress() }
    guard isatty(STDERR_FILENO) == 1 else {
      let refused = ProcessInfo.processInfo.environment["MHPCHECK_NO_PROGRESS"] ?? ""
      return refused.isEmpty
        ? ProgressLog { complain($0) }.progress() : RunProgress(note: { complain($0) })
    }
    return ProgressLine(columns: columns(of: STDERR_FILENO) ?? 80).progress
  }

  /// Runs `work` and returns its answer, with progress on standard error; signals stop the run.
  ///
  /// - Parameter fail: reports a failure other than wrong usage to the files of the run.
  static func answer<Answer>(
    isQuiet: Bool, _ work: (RunProgress, StopSignal) async throws(Failure) -> Answer,
    failing fail: (Failure) throws(Failure) -> Void
  ) async throws(Failure) -> Answer {
    let stop = StopSignal()
    Interruption.stops(stop)
    do throws(Failure) {
      let answer = try await work(progress(isQuiet: isQuiet), stop)
      endProgress()
      return answer
    } catch {
      endProgress()
      if error.status != .usage { try fail(error) }
      throw error
    }
  }

  /// Writes text to standard error.
  static func draw(_ text: String) { put(text, to: STDERR_FILENO) }

  /// Writes the last lines of a guest's console to standard error.
  static func drawConsole(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    let shown = lines.suffix(20).map { "  | \(SafeText.line(SafeText.shortened($0, to: 200)))" }
    draw(([language.text("the guest's last lines:")] + shown).joined(separator: "\n") + "\n")
  }

  /// Replaces the progress line on a terminal.
  static func tell(_ what: String) {
    if isatty(STDERR_FILENO) == 1 { put("\r\u{1b}[K\(SafeText.line(what))", to: STDERR_FILENO) }
  }

  /// Clears the progress line on a terminal.
  static func endProgress() {
    if isatty(STDERR_FILENO) == 1 { put("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  /// Writes a whole text; returns the error number if that fails.
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
          // Another process made the descriptor non-blocking.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&ready, 1, -1)
        default: return errno
        }
      }
      return nil
    }
  }
}
