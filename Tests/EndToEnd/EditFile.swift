// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Machine
@testable import Port

/// A file of `Tests/Fixtures`: an edit set on the reference text, and what must be found in it.
///
/// A header of `# comment` lines and `name: value` lines comes first, then blocks of text to find
/// and its replacement between `<<<<<<<`, `=======` and `>>>>>>>` lines. What is to be found must
/// stand exactly once in the reference, from the start of a line; blocks must not overlap.
struct EditFile: Sendable, CustomTestStringConvertible {
  /// What the edits make of the reference; also the folder's name.
  enum Kind: String, CaseIterable, Sendable {
    /// A slip that the harness must find.
    case wrong
    /// A refactoring that behaves as the reference does.
    case faithful
    /// The same behaviour as another era of the kernel spells it.
    case spellings
    /// Code that faults, hangs or damages the process.
    case hostile
    /// A hazard of upstream's own text mended, by the hazard's name.
    case mended
  }

  /// Text to find, and what takes its place; both are whole lines.
  struct Block: Sendable {
    var find: String
    var replacement: String
  }

  var kind: Kind
  /// The file's name without its extension.
  var name: String
  /// The comment lines: what the edits do.
  var purpose: String
  /// Numbers of the classes of bugs (wrong ones only).
  var classes: [Int] = []
  /// The functions to one of which the finding is put down.
  var functions: [KernelFunction] = []
  /// The paging modes in which it must show.
  var modes: [String] = []
  /// The rules of equivalence that must be named.
  var rules: [String] = []
  /// How cases of a hostile subject may end; empty for any way.
  var endings: [EndingKind] = []
  /// For a hostile subject that is not run at all: what the one line about it says.
  var refusal: String?
  /// The kind of processor that its machine code is for; nil when it holds none.
  var host: String?
  /// Whether lines end with CRLF once the edits are made.
  var hasCRLF = false
  var blocks: [Block] = []

  /// Whether its machine code, where it holds any, is this processor's.
  var runsHere: Bool {
    #if arch(x86_64)
      host == nil || host == "x86_64"
    #else
      host == nil
    #endif
  }

  var testDescription: String { "\(kind.rawValue)/\(name)" }
}

/// What is wrong with an edit file, in one line that names the file.
struct EditError: Error, Equatable, CustomStringConvertible {
  /// The folder and name of the file.
  var file: String
  /// What is wrong; for an edit it begins with the block's number, from 1.
  var complaint: String

  var description: String { "\(file): \(complaint)" }
}

extension EditFile {
  /// The reference with the edits made.
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
