// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Machine
@testable import Port

/// A file of `Tests/Fixtures`: a set of edits on the reference text, and the expected findings.
///
/// A header of `# comment` lines and `name: value` lines comes first. Blocks follow, each with text to find
/// and its replacement between `<<<<<<<`, `=======` and `>>>>>>>` lines. The text to find must occur exactly
/// once in the reference, from the start of a line; blocks must not overlap.
struct EditFile: Sendable, CustomTestStringConvertible {
  /// The kind of variant that the edits make; also the folder's name.
  enum Kind: String, CaseIterable, Sendable {
    /// A slip that the harness must find.
    case wrong
    /// A refactoring with the behaviour of the reference.
    case faithful
    /// The same behaviour in the spelling of another era of the kernel.
    case spellings
    /// Code that faults, hangs or damages the process.
    case hostile
    /// A text that mends a hazard of upstream; the file has the hazard's name.
    case mended
  }

  /// Text to find and its replacement; both are whole lines.
  struct Block: Sendable {
    var find: String
    var replacement: String
  }

  var kind: Kind
  /// The file's name without its extension.
  var name: String
  /// The comment lines, which describe the edits.
  var purpose: String
  /// Numbers of the defect classes (wrong variants only).
  var classes: [Int] = []
  /// The functions; the report must attribute the finding to one of them.
  var functions: [KernelFunction] = []
  /// The paging modes in which the difference must show.
  var modes: [String] = []
  /// The equivalence rules that the report must name.
  var rules: [String] = []
  /// The allowed endings of a hostile subject's cases; empty allows any.
  var endings: [EndingKind] = []
  /// For a hostile subject that is never run: words of the one line about it.
  var refusal: String?
  /// The processor of its machine code; nil when it contains none.
  var host: String?
  /// Whether lines end with CRLF after the edits.
  var hasCRLF = false
  var blocks: [Block] = []

  /// Whether this processor can run the variant's machine code, if there is any.
  var runsHere: Bool {
    #if arch(x86_64)
      host == nil || host == "x86_64"
    #else
      host == nil
    #endif
  }

  var testDescription: String { "\(kind.rawValue)/\(name)" }
}

/// One line that names an edit file and its error.
struct EditError: Error, Equatable, CustomStringConvertible {
  /// The folder and name of the file.
  var file: String
  /// The error; for an edit it begins with the block's number, from 1.
  var complaint: String

  var description: String { "\(file): \(complaint)" }
}

extension EditFile {
  /// The reference with all edits applied.
  func applied(to reference: String) throws(EditError) -> String {
    var edits: [(range: Range<String.Index>, replacement: String)] = []
    for (number, block) in zip(1..., blocks) {
      let places = reference.ranges(of: block.find).filter {
        $0.lowerBound == reference.startIndex
          || reference[reference.index(before: $0.lowerBound)] == "\n"
      }
      guard let range = places.first, places.count == 1 else {
        throw error("block \(number): its text stands \(places.count) times in the reference")
      }
      if let other = edits.firstIndex(where: { $0.range.overlaps(range) }) {
        throw error("block \(number): overlaps block \(other + 1)")
      }
      edits.append((range, block.replacement))
    }
    var text = ""
    var place = reference.startIndex
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      text += reference[place..<edit.range.lowerBound] + edit.replacement
      place = edit.range.upperBound
    }
    text += reference[place...]
    return hasCRLF
      ? text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\r\n") : text
  }

  private func error(_ complaint: String) -> EditError {
    EditError(file: testDescription, complaint: complaint)
  }
}
