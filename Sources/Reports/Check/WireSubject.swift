// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A subject that ran, in the schemas of all verbs.
package struct WireSubject: Encodable {
  var kind: String
  var origin: String
  /// Of the extracted text.
  var sha256: String

  package init(_ subject: SubjectSummary) {
    kind = subject.kind
    origin = subject.origin
    sha256 = subject.sha256
  }
}

/// A subject that could not be read.
struct WireUnreadSubject: Encodable {
  var origin: String
}
