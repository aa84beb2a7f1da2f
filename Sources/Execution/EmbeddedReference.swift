// SPDX-License-Identifier: GPL-2.0-only

import CKernelReference

/// The reference that is compiled into the program.
public enum EmbeddedReference {
  /// SHA-256 of its text, in hex.
  public static var sha256: String { MHP_REFERENCE_SHA256 }
}
