// SPDX-License-Identifier: GPL-2.0-only

/// Formats durations for users.
public enum DurationText {
  /// "8 s", "3 min 20 s", "2 h 5 min".
  public static func rounded(_ seconds: Double) -> String {
    let whole = Int(max(1, seconds.rounded(.up)).clamped(to: 8_640_000))
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 {
      return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
    }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}

extension Double {
  fileprivate func clamped(to limit: Double) -> Double { isFinite ? min(self, limit) : limit }
}
