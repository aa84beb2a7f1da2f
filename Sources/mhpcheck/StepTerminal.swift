// SPDX-License-Identifier: GPL-2.0-only

import Glibc

/// The terminal for stepping: on the alternate screen, without echo, one key at a time. However the program
/// ends or stops, it restores the terminal: `leave` runs at the end, in `Interruption`, and before a stop.
enum StepTerminal {
  /// The original settings of the terminal. They are set before any change, and signal handlers read them.
  nonisolated(unsafe) private static var before = termios()
  nonisolated(unsafe) private static var isEntered = false
  /// Whether the screen must be redrawn, after a stop or a new window size.
  nonisolated(unsafe) private static var isStale = false

  /// Whether standard input and standard output are terminals.
  static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// The terminal's size; 24 lines of 80 columns if it is unknown.
  static var size: (lines: Int, columns: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return (24, 80) }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  /// Takes over the terminal; returns false if that fails.
  static func enter() -> Bool {
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return false }
    // Job control works as in other programs: the terminal is restored for a stop, and taken over again
    // afterwards.
    signal(SIGTSTP) { _ in
      StepTerminal.leave()
      _ = kill(getpid(), SIGSTOP)
      StepTerminal.takeOver()
    }
    signal(SIGCONT) { _ in StepTerminal.takeOver() }
    signal(SIGWINCH) { _ in StepTerminal.redraw() }
    isEntered = true
    takeOver()
    return true
  }

  /// Restores the terminal. It is safe to call at any time, even in a signal handler.
  static func leave() {
    guard isEntered else { return }
    write("\u{1b}[?25h\u{1b}[?1049l")
    _ = tcsetattr(STDIN_FILENO, TCSANOW, &before)
  }

  /// Restores the terminal and the default signal handling, for the last time.
  static func end() {
    leave()
    isEntered = false
    for number in [SIGTSTP, SIGCONT, SIGWINCH] { signal(number, SIG_DFL) }
  }

  /// The bytes of the next key; nil at the end of the input. Calls `draw` whenever the screen must be
  /// redrawn.
  static func key(redrawing draw: () -> Void) -> [UInt8]? {
    while true {
      if isStale {
        isStale = false
        draw()
      }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&input, 1, 100)
      if ready < 0, errno != EINTR { return nil }
      guard ready > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = read(STDIN_FILENO, &bytes, 1)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      // The rest of an escape sequence follows at once; any other byte is a key of its own.
      guard bytes[0] == 0x1b else { return [bytes[0]] }
      var key = [bytes[0]]
      while key.count < 8, poll(&input, 1, 20) > 0, read(STDIN_FILENO, &bytes, 1) == 1 {
        key.append(bytes[0])
        if key.count > 2, (0x40...0x7e).contains(bytes[0]) { break }
      }
      return key
    }
  }

  /// Writes directly to the terminal, without buffers.
  static func write(_ text: StaticString) {
    _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func redraw() { isStale = true }

  private static func takeOver() {
    guard isEntered else { return }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    _ = tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    write("\u{1b}[?1049h\u{1b}[?25l")
    isStale = true
  }
}
