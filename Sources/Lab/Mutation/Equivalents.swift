// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// The mutants that were argued to behave as the subject does in every state, in `equivalents.json`.
///
/// An argument is about one text of a function, which its fingerprint names; it holds wherever a subject
/// has that text.
public struct Equivalents: Sendable, Hashable, Codable {
  /// The version of the file's form.
  public var schema: String
  /// By the text that was looked at.
  public var texts: [Text]

  /// A text that was looked at.
  public struct Text: Sendable, Hashable, Codable {
    /// As the command line names it.
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
    /// By the mutants' ids, the argument in one sentence.
    public var mutants: [String: String]
  }

  /// Reads the file.
  public init(json: Data) throws {
    self = try JSONDecoder().decode(Equivalents.self, from: json)
  }

  public init(texts: [Text]) {
    schema = "mhpcheck.equivalents/1"
    self.texts = texts
  }

  /// What is committed; a test holds that it can be read.
  public static let committed: Equivalents =
    (try? Equivalents(json: Data(PackageResources.equivalents_json))) ?? Equivalents(texts: [])

  /// The argument for a mutant, if there is one.
  public func reason(for mutant: Mutant) -> String? {
    texts.lazy.flatMap(\.functions)
      .first { $0.fingerprint == mutant.fingerprint && $0.mutants[mutant.id] != nil }?
      .mutants[mutant.id]
  }

  /// The entries that are about texts that a subject has, or that name the subject itself, as id and
  /// whether the text of its function is still the one argued about.
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
