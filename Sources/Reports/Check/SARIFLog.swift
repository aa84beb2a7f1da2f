// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine
import Port

/// The subset of SARIF 2.1.0 that a check needs, under the standard's names.
struct SARIFLog: Encodable {
  var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version
    case runs
  }

  struct Run: Encodable {
    var tool: Tool
    var invocations: [Invocation]
    var results: [Result]
    var properties: Properties
  }

  struct Tool: Encodable {
    var driver: Driver
  }

  struct Driver: Encodable {
    var name = "mhpcheck"
    var version: String
    var rules: [Rule]
  }

  struct Rule: Encodable {
    var id: String
    var shortDescription: Message
    var help: Message
    var defaultConfiguration: Configuration
  }

  struct Configuration: Encodable {
    var level: Level
  }

  enum Level: String, Encodable {
    case note
    case warning
    case error
  }

  /// A plain text: its braces and brackets are not placeholders or links (SARIF, sections 3.11.5 and 3.11.6).
  struct Message: Encodable {
    var text: String

    init(_ text: String) {
      self.text = SafeText.shortened(SafeText.line(text), to: 2000).replacing("{", with: "{{")
        .replacing("}", with: "}}").replacing("](", with: "] (")
    }
  }

  struct Invocation: Encodable {
    var executionSuccessful: Bool
    var exitCode: Int
    var toolExecutionNotifications: [Notification]
  }

  struct Notification: Encodable {
    var level: Level
    var message: Message
  }

  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level: Level
    var message: Message
    var locations: [Location]
    var relatedLocations: [Location]
    var codeFlows: [CodeFlow]
    /// Stable across runs: the fingerprint has the finding and its function, but not the case.
    var partialFingerprints: [String: String]
  }

  struct Location: Encodable {
    var physicalLocation: PhysicalLocation?
    var logicalLocations: [LogicalLocation]
    var message: Message?
  }

  struct PhysicalLocation: Encodable {
    var artifactLocation: ArtifactLocation
    var region: Region
  }

  struct ArtifactLocation: Encodable {
    var uri: String
  }

  struct Region: Encodable {
    var startLine: Int
    var endLine: Int
  }

  struct LogicalLocation: Encodable {
    var name: String
    var kind = "function"
  }

  struct CodeFlow: Encodable {
    var message: Message
    var threadFlows: [ThreadFlow]
  }

  struct ThreadFlow: Encodable {
    var locations: [ThreadFlowLocation]
  }

  struct ThreadFlowLocation: Encodable {
    var location: Location
    var executionOrder: Int
    var importance: String
  }

  struct Properties: Encodable {
    var verdict: String
    var against: String
    var modes: [String]
    var seed: UInt64
    var cases: Int?
    var sha256: String?
  }
}

extension SARIFLog.Location {
  /// A function of the subject. It has a physical location only if its file is on disk.
  init(_ name: String, _ source: FunctionSource?, message: String? = nil) {
    logicalLocations = [SARIFLog.LogicalLocation(name: name)]
    self.message = message.map { SARIFLog.Message($0) }
    guard let source, source.isOnDisk, let uri = Self.uri(of: source.file),
      let first = source.lines.map(\.number).min(), first > 0,
      let last = source.lines.map(\.number).max()
    else { return }
    physicalLocation = SARIFLog.PhysicalLocation(
      artifactLocation: SARIFLog.ArtifactLocation(uri: uri),
      region: SARIFLog.Region(startLine: first, endLine: last))
  }

  /// A path as a URI reference (RFC 3986); nil for an empty path or one of more than 4096 bytes.
  private static func uri(of path: String) -> String? {
    guard !path.isEmpty, path.utf8.count <= 4096 else { return nil }
    var uri = path.hasPrefix("/") ? "file://" : ""
    // Without "./", a parser would take the text before a colon in the first segment for a scheme.
    if let colon = path.firstIndex(of: ":"), !path[..<colon].contains("/") { uri = "./" }
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"):
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (byte < 16 ? "0" : "") + digits
      }
    }
    return uri
  }
}
