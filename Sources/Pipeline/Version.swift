// SPDX-License-Identifier: GPL-2.0-only

/// The tool's version.
public enum Version {
  /// "MAJOR.MINOR.PATCH".
  public static let text = "0.1.0"
}
