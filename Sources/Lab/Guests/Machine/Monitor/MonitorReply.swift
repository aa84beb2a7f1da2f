// SPDX-License-Identifier: GPL-2.0-only

import Engine
import FoundationEssentials

/// A line from QEMU's monitor: its greeting, an event, or a reply.
struct MonitorReply: Decodable, Sendable {
  /// The number of the request that this line replies to.
  var id: Int?
  /// The result if it is text, "" if it is something else; nil in a line without a result.
  var answer: String?
  /// The reason why QEMU refused the request.
  var refusal: String?
  /// The program and version in the greeting, e.g. "QEMU 7.2.22"; nil in other lines.
  var greeting: String?

  private enum CodingKeys: String, CodingKey {
    case id, error
    case answer = "return"
    case greeting = "QMP"
  }

  private struct Refusal: Decodable { var desc: String }

  private struct Greeting: Decodable {
    struct Version: Decodable { var qemu: Numbers }
    struct Numbers: Decodable { var major: Int, minor: Int, micro: Int }
    var version: Version
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try? container.decodeIfPresent(Int.self, forKey: .id)
    greeting = try container.decodeIfPresent(Greeting.self, forKey: .greeting)
      .map { "QEMU \($0.version.qemu.major).\($0.version.qemu.minor).\($0.version.qemu.micro)" }
    refusal = try container.decodeIfPresent(Refusal.self, forKey: .error)?.desc
    if container.contains(.answer) {
      answer = (try? container.decode(String.self, forKey: .answer)) ?? ""
    }
  }
}

/// A request to QEMU's monitor.
struct MonitorRequest: Encodable, Sendable {
  /// The command, e.g. "stop".
  var execute: String
  /// Its arguments; QEMU accepts an empty object for none.
  var arguments: [String: String]
  /// The number that comes back in the reply.
  var id: Int
}
