// SPDX-License-Identifier: GPL-2.0-only

public enum Version {
  /// "MAJOR.MINOR.PATCH".
  public static let text = "0.1.0"

  /// The version of the compiler that built the program. A program can only test for a minimum.
  public static var swift: String {
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
