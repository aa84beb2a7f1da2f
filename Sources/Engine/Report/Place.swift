// SPDX-License-Identifier: GPL-2.0-only

/// A line of the subject's own text at which the sides of a case part, and the calls that led there.
public struct Place: Sendable, Hashable {
  /// The line of one function in a chain of calls.
  public struct Frame: Sendable, Hashable {
    /// The C name.
    public var function: String
    /// The user's own file, as diagnostics name it.
    public var file: String
    /// From 1.
    public var line: Int
    /// The line and its neighbours in the function, in order.
    public var excerpt: [FunctionSource.Line]
  }

  /// The meaning of the line.
  public enum Kind: String, Sendable, Codable {
    /// The subject did something there that the reference does not do.
    case act
    /// The subject went on there without something that the reference does.
    case omission
  }

  public var kind: Kind
  /// The innermost frame first; never empty.
  public var frames: [Frame]

  /// The frame of the function that is the cause; the innermost one where that is not among them.
  package func frame(of function: String) -> Frame? {
    frames.first { $0.function == function } ?? frames.first
  }
}
