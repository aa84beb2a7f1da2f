// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A function of the subject as it stands in the user's own file.
public struct FunctionSource: Sendable, Hashable {
  /// One line of the function.
  public struct Line: Sendable, Hashable {
    /// The line number, from 1, in the user's own file; for a patch, in the patch.
    public var number: Int
    /// The text without its line end.
    public var text: String

    public init(number: Int, text: String) {
      self.number = number
      self.text = text
    }
  }

  public var function: KernelFunction
  /// The user's own file, as diagnostics name it.
  public var file: String
  /// Whether an editor can open `file`: false for a file in a tarball, a package or a revision.
  public var isOnDisk: Bool
  /// Its lines; numbers skip the lines that a patch removes.
  public var lines: [Line]
}
