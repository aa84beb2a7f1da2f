// SPDX-License-Identifier: GPL-2.0-only

public enum Version {
  /// "MAJOR.MINOR.PATCH".
  public static let text = "0.1.0"

  /// The version with the toolchain of the build, e.g. "0.1.0 (Swift 6.3)".
  public static var withToolchain: String { "\(text) (Swift \(swift))" }

  /// A program can only test for a minimum version of its compiler.
  private static var swift: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
