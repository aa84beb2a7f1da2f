// SPDX-License-Identifier: GPL-2.0-only

/// The tool's version.
public enum Version {
  /// "MAJOR.MINOR.PATCH".
  public static let text = "0.1.0"

  /// The same with the toolchain that it was built with, e.g. "0.1.0 (Swift 6.3)".
  public static var withToolchain: String { "\(text) (Swift \(swift))" }

  /// A compiler tells its program no more than what it is at least.
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
