// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// Puts single parts of a subject into the reference's text, so that any remaining difference comes from
/// these parts.
public struct Substitution: Sendable {
  /// A part of a subject that can be compared with the reference by itself.
  public struct Part: Sendable, Hashable {
    /// The C name.
    public var name: String
    /// The function of the surface; nil for a helper and for a definition.
    public var function: KernelFunction?
    /// Whether the part is the subject's own definition of a name of the kernel's headers.
    public var isDefinition: Bool
  }

  /// The parts whose text differs from the reference's in more than comments and blanks.
  public let suspects: [Part]
  private let subject: SubstitutedText
  private let reference: SubstitutedText
  private let stubs: StubNames
  /// The functions of the surface that the subject has.
  private let present: [KernelFunction]
  /// Helpers that both texts have with the same name and header.
  private let sharedHelpers: Set<String>

  /// Parses a subject and the reference.
  ///
  /// - Parameters:
  ///   - extraction: the extraction of the subject that was compiled.
  ///   - reference: the path of the reference's text.
  ///   - stubs: the folder of the stub headers.
  public init(
    of extraction: Extraction, reference: String, stubs: String
  ) throws(Failure) {
    guard let data = FileManager.default.contents(atPath: reference) else {
      throw Failure(.unreadable, "the reference's text \(reference) cannot be read")
    }
    let theirs = try SubstitutedText(String(decoding: data, as: UTF8.self), named: "reference")
    let ours = try SubstitutedText(extraction.extractedText, named: "subject")
    let names = try StubNames(folder: stubs)
    let present = KernelFunction.allCases.filter { ours.functions[$0.name] != nil }
    sharedHelpers = Set(theirs.functions.keys).filter {
      KernelFunction(name: $0) == nil && ours.functions[$0] != nil
        && ($0 == SurfaceNames.preparation || ours.header(of: $0) == theirs.header(of: $0))
    }
    suspects =
      ours.definitions(of: names).map { Part(name: $0, function: nil, isDefinition: true) }
      + present.filter { ours.tokens(of: $0.name) != theirs.tokens(of: $0.name) }
      .map { Part(name: $0.name, function: $0, isDefinition: false) }
      + sharedHelpers.filter { ours.tokens(of: $0) != theirs.tokens(of: $0) }.sorted()
      .map { Part(name: $0, function: nil, isDefinition: false) }
    self.present = present
    self.stubs = names
    subject = ours
    self.reference = theirs
  }

  private init(_ other: Substitution, _ subject: SubstitutedText, _ suspects: [Part]) {
    self.suspects = suspects
    self.subject = subject
    reference = other.reference
    stubs = other.stubs
    present = other.present
    sharedHelpers = other.sharedHelpers
  }

  /// The same, with the kernel's definitions in place of some of the subject's.
  public func without(_ definitions: Set<String>) -> Substitution {
    Substitution(
      self, subject.without(definitions), suspects.filter { !definitions.contains($0.name) })
  }

  /// The same, without some of the subject's macros.
  public func without(macros names: Set<String>) -> Substitution {
    Substitution(self, subject.without(macros: names), suspects)
  }

  /// The names that only the subject defines and that a function uses, directly or indirectly, sorted.
  public func privateNames(usedBy function: String) -> [String] {
    guard let closure = try? closure(of: [function]) else { return [] }
    let all = closure.chosen[0].flatMap { subject.file.items[$0].names }
    return Set(all).subtracting([function]).filter { !stubs.provides($0) }.sorted()
  }

  /// The innermost helper, which the others call: a function, else a macro. Nothing else has an effect.
  public func innermost(of names: Set<String>) -> String? {
    let functions = names.filter { subject.functions[$0] != nil }
    let macros = Set(subject.file.items.filter { $0.kind == .macro }.flatMap(\.names))
    let candidates = functions.isEmpty ? names.intersection(macros) : functions
    return candidates.sorted().min {
      privateNames(usedBy: $0).count < privateNames(usedBy: $1).count
    }
  }

  /// The reference with some parts of the subject. Other definitions that these use also come from the
  /// subject, except for the surface and shared helpers.
  public func hybrid(of parts: [Part]) throws(Failure) -> Extraction {
    let definitions = Set(parts.filter(\.isDefinition).map(\.name))
    let names = Set(parts.filter { !$0.isDefinition }.map(\.name))
    let closure = try closure(of: names)
    let taken = ReferenceParts(
      text: reference, subject: subject, left: names, present: present, helpers: sharedHelpers)
    var frame = UnitFrame()
    frame.own = present.map(\.name).filter {
      names.contains($0) || reference.functions[$0] != nil
    }
    frame.before = try taken.declarations()
    let macros = closure.chosen[0].sorted().map { subject.file.items[$0] }
      .filter { $0.kind == .macro && !stubs.provides($0.names[0]) }.flatMap(\.names)
    frame.behind =
      macros.map { "#undef \($0)" }
      + DefinitionsInForce(subject, definitions, besides: taken.names, stubs: stubs)
      .around(try taken.definitions())
    var assembly = Assembly(
      files: [subject.file], closure: closure, roots: names, frame: frame)
    return try assembly.extraction()
  }

  private func closure(of names: Set<String>) throws(Failure) -> Closure {
    let others = Set(KernelFunction.allCases.map(\.name)).union(sharedHelpers)
      .union([SurfaceNames.preparation])
    return try Closure(
      [subject.file], stubs: stubs, roots: names, elsewhere: others.subtracting(names))
  }
}

extension SubstitutedText {
  /// The stub headers' names that the text itself defines.
  fileprivate func definitions(of stubs: StubNames) -> [String] {
    Set(
      file.items.filter { $0.kind != .prototype }.flatMap(\.names).filter {
        stubs.provides($0) && KernelFunction(name: $0) == nil && $0 != SurfaceNames.preparation
      }
    ).sorted()
  }
}
