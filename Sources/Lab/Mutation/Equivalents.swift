// SPDX-License-Identifier: GPL-2.0-only

import CEmbedded
import FoundationEssentials

/// The mutants for which an argument states that they behave like the subject in every state, in
/// `equivalents.json`.
///
/// An argument is about one text of a function, which a fingerprint identifies; it is valid for every subject
/// with that text.
public struct Equivalents: Sendable, Hashable, Codable {
  /// The version of the file's format.
  public var schema: String
  /// The arguments, by the text that they are about.
  public var texts: [Text]

  /// A text with equivalent mutants.
  public struct Text: Sendable, Hashable, Codable {
    /// The subject, as the command line names it.
    public var subject: String
    /// Its functions that have equivalent mutants.
    public var functions: [Function]
  }

  /// A function's equivalent mutants.
  public struct Function: Sendable, Hashable, Codable {
    /// The C name.
    public var name: String
    /// `FunctionStructure.fingerprint` of the text that the arguments are about.
    public var fingerprint: String
    /// The arguments, one sentence each, by the mutants' ids.
    public var mutants: [String: String]
  }

  public init(json: Data) throws {
    self = try JSONDecoder().decode(Equivalents.self, from: json)
  }

  public init(texts: [Text]) {
    schema = "mhpcheck.equivalents/1"
    self.texts = texts
  }

  /// The committed file; a test checks that it can be read.
  public static let committed: Equivalents =
    (try? Equivalents(json: Data(String(cString: mhp_embedded_equivalents()).utf8)))
    ?? Equivalents(texts: [])

  /// The argument for a mutant, if there is one.
  public func reason(for mutant: Mutant) -> String? {
    texts.lazy.flatMap(\.functions)
      .first { $0.fingerprint == mutant.fingerprint && $0.mutants[mutant.id] != nil }?
      .mutants[mutant.id]
  }

  /// The entries for texts that a subject has, or that name the subject itself: the id of the mutant, and
  /// whether the function still has the text of the argument.
  public func entries(
    for subject: String, fingerprints: Set<String>
  ) -> [(id: String, function: String, isSameText: Bool)] {
    var entries: [(id: String, function: String, isSameText: Bool)] = []
    for text in texts {
      for function in text.functions {
        let isSameText = fingerprints.contains(function.fingerprint)
        guard isSameText || text.subject == subject else { continue }
        entries += function.mutants.keys.sorted().map { ($0, function.name, isSameText) }
      }
    }
    return entries
  }
}
