// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The text of a patch outside the definitions that it shows whole.
struct TornText {
  private let file: ParsedFile
  /// The tokens outside whole definitions, by hunk.
  let hunks: [[CToken]]

  init(_ source: SourceFile) throws(Failure) {
    file = try ItemParser.parse(SplicedText(source), isStrict: false)
    let text = file.text
    // A statement of a function without its beginning looks like a declaration, except for its indentation.
    let whole = file.items.filter {
      $0.kind == .function || $0.kind == .macro
        || text.lineStarts[text.lineIndex(at: $0.range.lowerBound)] == $0.range.lowerBound
    }.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    var hunks: [[CToken]] = []
    var (item, last) = (0, Int32(-1))
    for token in CLexer.tokens(text, 0..<text.bytes.count) {
      while item < whole.count, whole[item].upperBound <= token.start { item += 1 }
      if item < whole.count, whole[item].contains(token.start) { continue }
      let hunk = text.isFragment ? text.hunks[text.lineIndex(at: token.start)] : 0
      if hunk != last { hunks.append([]) }
      last = hunk
      hunks[hunks.count - 1].append(token)
    }
    self.hunks = hunks
  }

  private func isAdded(_ token: CToken) -> Bool {
    file.text.file.lines[file.text.lineIndex(at: token.start)].isAdded
  }

  /// "FILE:LINE" of the first change to something with one of these names: an added line with the name, or a
  /// header with the name and an added line after it in the same hunk.
  func change(of names: Set<String>) -> String? {
    for tokens in hunks {
      for (index, token) in tokens.enumerated() where token.kind == .identifier {
        guard names.contains(file.text.string(token)) else { continue }
        let isHeader =
          index > 0 && index + 1 < tokens.count && tokens[index + 1].isPunctuator("(")
          && (tokens[index - 1].kind == .identifier || tokens[index - 1].isPunctuator("*"))
        if isAdded(token) || (isHeader && tokens[index...].contains(where: isAdded)) {
          return file.text.location(token.start)
        }
      }
    }
    return nil
  }
}

/// The visible part of something that a subject does not define whole.
public enum Sight: Sendable, Hashable {
  /// The whole file is known and does not contain it.
  case whole
  /// A patch changes it, and shows a part of it: "FILE:LINE".
  case part(String)
  /// The patches contain nothing of it.
  case untouched
  /// The file is missing.
  case missing
}

extension SubjectText {
  /// Whether the text is a set of patches without their base.
  public var isPatches: Bool { ["patch", "series"].contains(kind) && isFragment }

  /// The visible part, in the files `paths`, of something with one of some names.
  public func sight(of names: Set<String>, in paths: [String]) -> Sight {
    var found: Sight = isPatches ? .untouched : .missing
    for path in paths {
      guard let file = file(path) ?? (path == KernelPath.main ? main : nil) else { continue }
      guard file.isFragment else {
        // A single file may be any of the files that contain the code.
        let isMain = path == KernelPath.main && file.path != path
        if !isMain || file.path.hasSuffix("init.c") { found = .whole }
        continue
      }
      if let place = (try? TornText(file))?.change(of: names) { return .part(place) }
      if found == .missing { found = .untouched }
    }
    return found
  }
}
