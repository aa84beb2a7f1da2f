// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Subjects

/// The user's options for reading and compiling subjects.
public struct SubjectOptions: Sendable, Hashable {
  /// The subject that a patch is applied to first.
  public var baseFile: String?
  /// Configuration symbols to define, "CONFIG_X" or "CONFIG_X=1".
  public var defines: [String]
  /// Configuration symbols to leave undefined.
  public var undefines: [String]
  /// Files with definitions that the subject lacks.
  public var includes: [String]
  /// The C compiler; nil for the first available one of clang, gcc and cc.
  public var compiler: String?

  public init(
    baseFile: String? = nil, defines: [String] = [], undefines: [String] = [],
    includes: [String] = [], compiler: String? = nil
  ) {
    self.baseFile = baseFile
    self.defines = defines
    self.undefines = undefines
    self.includes = includes
    self.compiler = compiler
  }
}

extension SubjectOptions {
  /// The options of the configuration that the surface depends on.
  var kernelOptions: KernelOptions { KernelOptions(defines: defines, undefines: undefines) }
}

/// A subject that is ready to run.
package struct LoadedSubject: Sendable {
  package var summary: SubjectSummary
  /// The shared object; nil for the embedded reference.
  package var path: String?
  /// The shared objects for other index widths; nil for the embedded reference.
  package var otherPaths: [Int: String?] = [:]
  /// The configuration that it was compiled for.
  package var kernelOptions = KernelOptions.standard
  /// The compiled text; nil for the embedded reference.
  var extraction: Extraction?
  /// Its own definitions of names that the stub headers define; nil where it brings none.
  var headers: HeaderProbe?

  /// Whether its text defines any function of commit c75a74f4ba19.
  var bringsHotplug: Bool {
    extraction.map { $0.functions.keys.contains(where: \.isOfHotplug) } ?? true
  }

  /// Whether entry points that its text does not define count as missing.
  var bringsEntryPoints: Bool { bringsHotplug && !summary.isInPart }

  /// Throws if none of the functions that the text is about is in `present`.
  func checkPresent(_ present: [KernelFunction]) throws(Failure) {
    if let refusal = extraction?.refusal(of: present) { throw refusal }
  }
}

/// The functions of a subject, as text.
package struct ExtractedSubject: Sendable {
  /// See `SubjectText.kind`.
  var kind: String
  /// See `SubjectText.origin`.
  var origin: String
  /// The part that can be compiled.
  package var extraction: Extraction
  /// The text that the functions were extracted from.
  var text: SubjectText
  /// The parts of the text that were left out, one line each.
  var warnings: [String] = []

  /// The same without the kernel's generic code, because of an error in it; stand-ins replace that code. Nil
  /// when nothing would remain, or when there is no such code.
  func withoutGenericCode(
    because error: Failure, stubs: String, reference: String
  ) -> ExtractedSubject? {
    guard let rest = text.withoutGenericCode,
      let extraction = try? Extraction.extract(from: rest, stubs: stubs, reference: reference),
      extraction.unit != self.extraction.unit
    else { return nil }
    return Self.left(rest, extraction, because: error)
  }

  /// A subject without its generic code.
  static func left(
    _ rest: SubjectText, _ extraction: Extraction, because error: Failure
  ) -> ExtractedSubject {
    ExtractedSubject(
      kind: rest.kind, origin: rest.origin, extraction: extraction, text: rest,
      warnings: [
        "the generic code in mm/ cannot be built and is replaced by the harness's own, which is not judged: "
          + error.message
      ])
  }
}

/// Turns a SUBJECT argument into a subject that runs: reads, extracts, compiles.
package struct SubjectLoader: Sendable {
  let files: ProgramFiles
  let options: SubjectOptions
  /// Whether the object files that shared objects are linked from stay beside them.
  let keepsObjects: Bool
  let progress: @Sendable (String) -> Void
  package var compiler: SubjectCompiler

  package init(
    files: ProgramFiles, options: SubjectOptions, keepsObjects: Bool = false,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.files = files
    self.keepsObjects = keepsObjects
    self.options = options
    self.progress = progress
    compiler = SubjectCompiler(
      stubs: files.stubs, compiler: options.compiler, defines: options.defines,
      undefines: options.undefines)
  }

  /// Loads a subject, compiled into `folder` for one index width; `isQuick` saves the compiler's time where few cases
  /// run.
  func load(
    _ argument: String, indexBits: Int, isQuick: Bool = true, into folder: String
  ) async throws(Failure) -> LoadedSubject {
    let reference = try reference(argument)
    if reference == .builtin { return Self.embedded }
    let subject = try await extract(argument)
    return try await compiled(
      subject, argument: argument, indexBits: indexBits, others: [], isQuick: isQuick, into: folder)
  }

  /// The objects of a loaded subject for other index widths.
  func others(
    of subject: LoadedSubject, _ widths: [Int], into folder: String
  ) async -> Result<[Int: String?], Failure> {
    guard let extraction = subject.extraction else {
      return .success(Dictionary(uniqueKeysWithValues: widths.map { ($0, nil) }))
    }
    return await compile(extraction, widths: widths, into: folder).map { $0.mapValues { $0 } }
  }

  /// Compiles a subject for one index width and for some others.
  package func compiled(
    _ subject: ExtractedSubject, argument: String, indexBits: Int, others: [Int],
    isQuick: Bool? = nil, into folder: String
  ) async throws(Failure) -> LoadedSubject {
    let isQuick = isQuick ?? others.isEmpty
    do throws(Failure) {
      return try await built(
        subject, argument: argument, indexBits: indexBits, others: others, isQuick: isQuick,
        into: folder)
    } catch {
      guard
        let rest = subject.withoutGenericCode(
          because: error, stubs: files.stubs, reference: files.reference)
      else {
        throw error
      }
      return try await built(
        rest, argument: argument, indexBits: indexBits, others: others, isQuick: isQuick,
        into: folder)
    }
  }

  /// The subject, without generic code that does not compile.
  package func buildable(_ subject: ExtractedSubject) async throws(Failure)
    -> ExtractedSubject
  {
    guard subject.text.withoutGenericCode != nil else { return subject }
    do throws(Failure) {
      let folder: TemporaryFolder
      do throws(Failure) {
        folder = try TemporaryFolder()
      } catch {
        return subject
      }
      _ = try await compiler.compile(subject.extraction, indexBits: 9, into: folder.path)
      return subject
    } catch {
      return subject.withoutGenericCode(
        because: error, stubs: files.stubs, reference: files.reference) ?? subject
    }
  }

  /// The functions in which the compiler warns of variables that may be read before they are set; an error here means
  /// none.
  func uninitialised(in subject: LoadedSubject) async -> [String] {
    guard let extraction = subject.extraction else { return [] }
    return (try? await compiler.warnings(of: extraction))?.uninitialised ?? []
  }

  /// A compiled subject as another object: with zeroes, as kernels have them, in variables that the text does not
  /// set. For cases at real geometry.
  func filledWithZero(
    _ subject: LoadedSubject, _ extraction: Extraction, indexBits: Int = 9, into folder: String
  ) async throws(Failure) -> (subject: LoadedSubject, loader: SubjectLoader) {
    var (filled, loader) = (subject, self)
    filled.otherPaths = [:]
    do throws(Failure) {
      loader.compiler = compiler.filling(.zero)
      filled.path = try await loader.compiler.compileQuickly(
        extraction, indexBits: indexBits, into: folder, named: "zero")
    } catch {
      loader.compiler = compiler.filling(.zeroByOldClang)
      filled.path = try await loader.compiler.compileQuickly(
        extraction, indexBits: indexBits, into: folder, named: "zero")
    }
    return (filled, loader)
  }

  private func built(
    _ subject: ExtractedSubject, argument: String, indexBits: Int, others: [Int], isQuick: Bool,
    into folder: String
  ) async throws(Failure) -> LoadedSubject {
    let extraction = subject.extraction
    progress("compiling \(subject.origin)")
    // In parallel: each compiler keeps one core busy for a while.
    async let digest = Self.digest(of: extraction)
    async let otherPaths = compile(
      extraction, widths: others.filter { $0 != indexBits }, into: folder)
    let path =
      isQuick
      ? try await compiler.compileQuickly(extraction, indexBits: indexBits, into: folder)
      : try await compiler.compile(
        extraction, indexBits: indexBits, into: folder, keepsObject: keepsObjects)
    let summary = SubjectSummary(
      kind: subject.kind, origin: subject.origin, sha256: try await digest.get(),
      argument: SafeText.shellWord(argument),
      warnings: extraction.warnings + subject.warnings + Self.warnings(of: extraction),
      isInPart: extraction.isInPart, judgedThroughCallers: extraction.judgedThroughCallers)
    return LoadedSubject(
      summary: summary, path: path, otherPaths: try await otherPaths.get().mapValues { $0 },
      kernelOptions: options.kernelOptions.union(extraction.era), extraction: extraction,
      headers: try HeaderProbe(subject.text, stubs: files.stubs))
  }

  /// Warnings in addition to those of the extraction.
  private static func warnings(of extraction: Extraction) -> [String] {
    guard extraction.hidesConstructors else { return [] }
    return [
      "free_pte_table and free_pmd_table run no destructor, and the subject does not show whether "
        + "alloc_pte_late and alloc_pmd_late run a constructor; if neither does, nothing is wrong: "
        + "give the whole init.c, or the patch with --base"
    ]
  }

  /// The SHA-256 of a subject's functions, in hex.
  func sha256(of subject: ExtractedSubject) async throws(Failure) -> String {
    return subject.kind == "builtin"
      ? EmbeddedReference.sha256 : try await subject.extraction.sha256()
  }

  private static func digest(of extraction: Extraction) async -> Result<String, Failure> {
    do throws(Failure) {
      return .success(try await extraction.sha256())
    } catch {
      return .failure(error)
    }
  }

  private func compile(
    _ extraction: Extraction, widths: [Int], into folder: String
  ) async -> Result<[Int: String], Failure> {
    do throws(Failure) {
      var paths: [Int: String] = [:]
      for width in widths {
        paths[width] = try await compiler.compile(
          extraction, indexBits: width, into: folder, keepsObject: keepsObjects)
      }
      return .success(paths)
    } catch {
      return .failure(error)
    }
  }

  /// Reads a subject and extracts its functions; those of the embedded reference come from the text that it
  /// was compiled from.
  package func extract(_ argument: String) async throws(Failure) -> ExtractedSubject {
    let reference = try reference(argument)
    return try await extract(reference, argument)
  }

  private func extract(
    _ reference: SubjectReference, _ argument: String
  ) async throws(Failure) -> ExtractedSubject {
    progress("reading \(argument)")
    let text = try await SubjectReader(
      base: options.baseFile, builtin: files.reference, progress: progress
    ).read(reference).including(options.includes)
    progress("extracting the functions of \(text.origin)")
    do throws(Failure) {
      return ExtractedSubject(
        kind: text.kind, origin: text.origin,
        extraction: try Extraction.extract(
          from: text, stubs: files.stubs, reference: files.reference), text: text)
    } catch {
      guard let rest = text.withoutGenericCode,
        let extraction = try? Extraction.extract(
          from: rest, stubs: files.stubs, reference: files.reference)
      else { throw error }
      return .left(rest, extraction, because: error)
    }
  }

  /// The reference that the argument names. Throws a usage error if there is a base file and no patch.
  private func reference(_ argument: String) throws(Failure) -> SubjectReference {
    let reference = try SubjectReference(argument: argument)
    guard options.baseFile == nil || reference.isPatches else {
      throw Failure(
        .usage, "--base needs a patch, but \(argument) is not one; omit --base")
    }
    return reference
  }

  fileprivate static let embeddedOrigin = "the embedded reference"

  private static let embedded = LoadedSubject(
    summary: SubjectSummary(
      kind: "builtin", origin: Self.embeddedOrigin,
      sha256: EmbeddedReference.sha256, argument: "builtin"), path: nil)
}
