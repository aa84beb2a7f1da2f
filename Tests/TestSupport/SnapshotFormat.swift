// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Reports

/// A format of the report that every outcome has. Tests of all formats take them from here.
package enum SnapshotFormat: String, CaseIterable, Sendable {
  case text = "txt"
  case json
  case ktap
  case junit = "junit.xml"
  case sarif
  case markdown = "md"
  case mail
  case html

  /// The formats that a check writes to files. A case has the name of its option.
  package static let files = allCases.filter { $0 != .text }

  /// The option that names a file for it, e.g. "--junit".
  package var option: String { "--\(self)" }

  /// The first characters of a report on a subject that lacks fixes.
  package var start: String {
    switch self {
    case .json, .sarif: "{\n"
    case .ktap: "KTAP version 1\n1..1\n"
    case .junit: "<?xml version=\"1.0\""
    case .markdown: "### mhpcheck check\n\n**missing-fixes**: "
    case .text, .mail: "missing-fixes: "
    case .html: "<!doctype html>\n"
    }
  }

  package func render(_ outcome: CheckOutcome) -> String {
    switch self {
    case .text: TextPrinter(style: TextStyle(isColoured: false)).print(CheckDocument.of(outcome))
    case .json: JSONRenderer().render(outcome)
    case .ktap: KTAPRenderer().render(outcome)
    case .junit: JUnitRenderer().render(outcome)
    case .sarif: SARIFRenderer().render(outcome)
    case .markdown: MarkdownPrinter().print(CheckDocument.of(outcome))
    case .mail: TextPrinter(mailOf: 25).print(CheckDocument.of(outcome))
    case .html: HTMLPrinter().print(CheckDocument.of(outcome))
    }
  }
}

/// An outcome in one format as a file, for readers that others wrote.
package struct SnapshotFile {
  private let folder: PrivateFolder
  package let path: String

  package init(_ outcome: SnapshotOutcome, _ format: SnapshotFormat) throws {
    folder = try PrivateFolder()
    path = try folder.write(
      "\(outcome.rawValue).\(format.rawValue)", format.render(try outcome.outcome()))
  }
}
