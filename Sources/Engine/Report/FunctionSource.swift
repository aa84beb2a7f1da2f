// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A function of the subject as it stands in the user's own file.
public struct FunctionSource: Sendable, Hashable {
  /// One line of it.
  public struct Line: Sendable, Hashable {
    /// From 1, in the user's own file; of a patch, in the patch.
    public var number: Int
    /// Without its end.
    public var text: String

    public init(number: Int, text: String) {
      self.number = number
      self.text = text
    }
  }

  /// The function.
  public var function: KernelFunction
  /// The user's own file, as diagnostics name it.
  public var file: String
  /// Whether `file` is one that an editor opens: not so for what is in a tarball, a package or a
  /// revision.
  public var isOnDisk: Bool
  /// Its lines; numbers leap where a patch takes lines out.
  public var lines: [Line]
}
