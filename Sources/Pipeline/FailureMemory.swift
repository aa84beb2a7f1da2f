// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import MachineModel
import Scenarios

/// Cases in which subjects differed in earlier runs, made as small as they got: a folder of scenario
/// files among what the user's programs keep from run to run. What one subject got wrong another is likely to, so they are tried first.
public struct FailureMemory: Sendable {
  /// Failures kept; the oldest go.
  private static let capacity = 200
  /// A scenario file beyond this is none of ours.
  private static let longestFile = 1 << 20

  private let folder: String?

  /// The user's memory: in `MHPCHECK_STATE`, else below `XDG_STATE_HOME`, else below `.local/state` of
  /// the home folder (XDG base directory specification). It remembers nothing where that cannot be
  /// written.
  public init() {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? {
      // The specification has relative paths ignored.
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state =
      value("MHPCHECK_STATE") ?? value("XDG_STATE_HOME").map { "\($0)/mhpcheck" }
      ?? value("HOME").map { "\($0)/.local/state/mhpcheck" }
    folder = state.flatMap { state in
      let path = "\(state)/failures"
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return access(path, W_OK | X_OK) == 0 ? path : nil
    }
  }

  /// The failures, newest first; files that are no scenarios are passed over.
  public func scenarios() -> [Scenario] { names().compactMap(read) }

  /// The failure of that id.
  public func scenario(named id: String) -> Scenario? {
    scenarios().first { $0.id == id }
  }

  /// Keeps a case in which a function differed; gives it back under the id by which it can be replayed,
  /// or nil when it cannot be kept.
  func remember(_ scenario: Scenario, function: SurfaceFunction) -> Scenario? {
    guard let folder else { return nil }
    var kept = scenario
    kept.id = ""
    kept.purpose = ""
    let number = Self.hex(Self.fingerprint(of: kept.jsonText()))
    kept.id = "failure/\(scenario.mode)/\(function.name)/\(number)"
    kept.purpose = "What was left of \(scenario.id), in which a subject differed."
    let path = "\(folder)/\(scenario.mode)-\(function.name)-\(number).json"
    let data = Data(kept.jsonText().utf8)
    guard (try? data.write(to: URL(filePath: path), options: .atomic)) != nil else { return nil }
    for name in names().dropFirst(Self.capacity) { unlink("\(folder)/\(name)") }
    return kept
  }

  /// The names of the files, newest first.
  private func names() -> [String] {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else { return [] }
    return names.filter { $0.hasSuffix(".json") }
      .map { (name: $0, time: Self.modificationTime(of: "\(folder)/\($0)")) }
      .sorted { ($0.time, $1.name) > ($1.time, $0.name) }
      .map(\.name)
  }

  private func read(_ name: String) -> Scenario? {
    guard let folder, let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
      data.count <= Self.longestFile,
      let scenario = try? Scenario(jsonText: String(decoding: data, as: UTF8.self)),
      (try? scenario.lowered()) != nil
    else { return nil }
    return scenario
  }

  /// Nanoseconds since 1970; 0 when the file is gone.
  private static func modificationTime(of path: String) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// FNV-1a (Fowler, Noll, Vo), 64 bits: tells files apart, and guards against nothing.
  private static func fingerprint(of text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
