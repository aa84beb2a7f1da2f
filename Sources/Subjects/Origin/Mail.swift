// SPDX-License-Identifier: GPL-2.0-only

/// Splits mailboxes into mails, and mails into the texts that may contain patches.
enum Mail {
  /// A text that may contain a patch: a decoded part of a mail, or a whole file that is not a mail.
  struct Text {
    /// Each line has the number of the file's line in which it begins, so that diagnostics name a line that
    /// exists, even for a base64 body.
    var lines: [RawLine]
    /// Whether a blank at the end of a line means that the next line continues it (RFC 3676).
    var isFlowed = false
    /// The tag in the mail's subject; nil if the text is not from a mail.
    var tag: PatchTag?
    /// The mail's Message-ID; nil if it has none.
    var messageID: String?
  }

  /// The texts in `lines`, in order.
  static func texts(in lines: [RawLine]) -> [Text] {
    let starts = lines.indices.filter { isSeparator(at: $0, in: lines) }
    guard let first = starts.first else {
      return parts(of: lines[...], in: nil, depth: 0) ?? [Text(lines: lines)]
    }
    var texts: [Text] = []
    if first > 0 { texts.append(Text(lines: Array(lines[..<first]))) }
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : lines.endIndex
      let mail = lines[(start + 1)..<end]
      texts += parts(of: mail, in: nil, depth: 0) ?? [Text(lines: Array(mail))]
    }
    return texts
  }

  /// Whether the line at `index` is an mbox separator (`From sender Mon Sep 17 00:00:00 2001`), and not a
  /// sentence that begins with "From".
  private static func isSeparator(at index: Int, in lines: [RawLine]) -> Bool {
    let bytes = lines[index].bytes
    guard bytes.starts(with: "From ".utf8), index == 0 || lines[index - 1].bytes.isEmpty else {
      return false
    }
    let words = lines[index].text.split(separator: " ")
    guard words.count >= 6 else { return false }
    let isTimed = words.contains { $0.split(separator: ":").count == 3 }
    return isTimed && words.suffix(2).contains { $0.count == 4 && Int($0) != nil }
  }

  /// The decoded texts of a mail, or of a part of `mail`; nil if it has no mail headers.
  private static func parts(
    of lines: ArraySlice<RawLine>, in mail: MailHeader?, depth: Int
  ) -> [Text]? {
    guard let header = MailHeader(lines, isPart: mail != nil) else { return nil }
    let mail = mail ?? header
    let body = lines[header.bodyStart...]
    if let boundary = header.boundary, depth < 4 {
      return multipart(body, boundary: boundary).flatMap {
        parts(of: $0, in: mail, depth: depth + 1) ?? [Text(lines: Array($0), tag: mail.tag)]
      }
    }
    if header.isMail, depth < 4 { return parts(of: body, in: nil, depth: depth + 1) }
    guard header.isText else { return [] }
    let lines =
      switch header.encoding {
      case "base64": TransferEncoding.base64(body)
      case "quoted-printable": TransferEncoding.quotedPrintable(body)
      default: Array(body)
      }
    return [
      Text(lines: lines, isFlowed: header.isFlowed, tag: mail.tag, messageID: mail.messageID)
    ]
  }

  private static func multipart(
    _ body: ArraySlice<RawLine>, boundary: String
  ) -> [ArraySlice<RawLine>] {
    let open = Array("--\(boundary)".utf8)
    let close = Array("--\(boundary)--".utf8)
    var parts: [ArraySlice<RawLine>] = []
    var start: Int?
    for index in body.indices {
      var bytes = body[index].bytes
      while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
      guard bytes.elementsEqual(open) || bytes.elementsEqual(close) else { continue }
      if let start { parts.append(body[start..<index]) }
      start = bytes.count == open.count ? index + 1 : nil
    }
    if let start { parts.append(body[start...]) }
    return parts
  }
}

/// The header of a mail, or of a part of one, with the facts about its body.
struct MailHeader {
  /// The index of the first line of the body.
  let bodyStart: Int
  /// The transfer encoding, in lower case; `7bit` by default.
  let encoding: String
  /// The boundary of a multipart body.
  let boundary: String?
  /// Whether the body can be a patch.
  let isText: Bool
  /// Whether the body is itself a mail, such as a forwarded one.
  let isMail: Bool
  /// Whether lines of the body may continue in the next line.
  let isFlowed: Bool
  /// The tag in the subject; nil if there is no subject.
  let tag: PatchTag?
  let messageID: String?

  /// Reads the header at the start of `lines`; nil if there is none. A part's header may be empty or have any
  /// fields; a mail's header must have a known field.
  init?(_ lines: ArraySlice<RawLine>, isPart: Bool) {
    var fields: [String: String] = [:]
    var last: String?
    var index = lines.startIndex
    if !isPart {
      while index < lines.endIndex, lines[index].bytes.isEmpty { index += 1 }
    }
    while index < lines.endIndex, !lines[index].bytes.isEmpty {
      let text = lines[index].text
      if text.first == " " || text.first == "\t", let name = last {
        fields[name, default: ""] += text
      } else if let colon = text.firstIndex(of: ":"),
        text[..<colon].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      {
        let name = text[..<colon].lowercased()
        fields[name] = String(text[text.index(after: colon)...])
        last = name
      } else {
        return nil
      }
      index += 1
    }
    let known = ["subject", "from", "content-transfer-encoding", "message-id"]
    guard isPart || known.contains(where: { fields[$0] != nil }) else { return nil }
    bodyStart = min(index + 1, lines.endIndex)
    encoding = (fields["content-transfer-encoding"] ?? "7bit").trimmed().lowercased()
    let type = (fields["content-type"] ?? "text/plain").trimmed()
    let kind = type.lowercased()
    boundary = kind.hasPrefix("multipart/") ? Self.parameter("boundary", of: type) : nil
    let name = Self.parameter("name", of: type) ?? ""
    isText =
      (kind.hasPrefix("text/") && !kind.hasPrefix("text/html")) || kind.contains("patch")
      || kind.contains("diff") || name.hasSuffix(".patch") || name.hasSuffix(".diff")
    isMail = kind.hasPrefix("message/rfc822")
    isFlowed = Self.parameter("format", of: type)?.lowercased() == "flowed"
    tag = fields["subject"].map { PatchTag(subject: EncodedWords.decoded($0)) }
    messageID = fields["message-id"]?.trimmed()
  }

  private static func parameter(_ name: String, of field: String) -> String? {
    for part in field.split(separator: ";").dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, String(pair[0]).trimmed().lowercased() == name else { continue }
      let value = String(pair[1]).trimmed()
      return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : value
    }
    return nil
  }
}

extension String {
  /// The string without blanks and newlines at its ends.
  func trimmed() -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
