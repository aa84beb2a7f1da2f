// SPDX-License-Identifier: GPL-2.0-only

import Execution
import MachineModel
import Reporting
import Subjects

/// How subjects are read and compiled: what the user may say about it.
public struct SubjectOptions: Sendable {
  /// The file a patch is applied to first.
  public var baseFile: String?
  /// Configuration symbols to define, "CONFIG_X" or "CONFIG_X=1".
  public var defines: [String]
  /// Configuration symbols to leave undefined.
  public var undefines: [String]
  /// The C compiler; nil for the first of clang, gcc and cc that is there.
  public var compiler: String?

  /// Memberwise.
  public init(
    baseFile: String? = nil, defines: [String] = [], undefines: [String] = [],
    compiler: String? = nil
  ) {
    self.baseFile = baseFile
    self.defines = defines
    self.undefines = undefines
    self.compiler = compiler
  }
}

extension SubjectOptions {
  /// The options of the configuration that the surface asks for.
  var kernelOptions: KernelOptions { KernelOptions(defines: defines, undefines: undefines) }
}

/// A subject ready to be run.
struct LoadedSubject: Sendable {
  var summary: SubjectSummary
  /// The shared object; nil for the embedded reference.
  var path: String?
  /// The shared objects for other index widths; nil for the embedded reference.
  var otherPaths: [Int: String?] = [:]
  /// The configuration that it was compiled for.
  var kernelOptions = KernelOptions.standard
  /// What was compiled; nil for the embedded reference.
  var extraction: Extraction?

  /// Whether its text defines any function of commit c75a74f4ba19.
  var bringsHotplug: Bool {
    extraction.map { $0.functions.keys.contains(where: \.isOfHotplug) } ?? true
  }
}

/// A subject's functions as text.
struct ExtractedSubject: Sendable {
  /// As `SubjectText.kind`.
  var kind: String
  /// As `SubjectText.origin`.
  var origin: String
  /// What can be compiled.
  var extraction: Extraction
}

/// Turns a SUBJECT argument into something that runs: read, extract, compile.
struct SubjectLoader: Sendable {
  let files: ProgramFiles
  let options: SubjectOptions
  let progress: @Sendable (String) -> Void

  /// Loads a subject, compiled for one index width and for some others; what is compiled goes into
  /// `folder`.
  func load(
    _ argument: String, indexBits: Int, others: [Int] = [], into folder: String
  ) async throws(PipelineError) -> LoadedSubject {
    let reference = try reference(argument)
    if reference == .builtin { return Self.embedded(others: others) }
    let subject = try await extract(argument)
    return try await compiled(
      subject, argument: argument, indexBits: indexBits, others: others, into: folder
    ).subject
  }

  /// Compiles a subject for one index width and for some others; also gives what compiles more of the
  /// same.
  func compiled(
    _ subject: ExtractedSubject, argument: String, indexBits: Int, others: [Int],
    into folder: String
  ) async throws(PipelineError) -> (compiler: SubjectCompiler, subject: LoadedSubject) {
    do throws(SubjectError) {
      let extraction = subject.extraction
      progress("compiling \(subject.origin)")
      let compiler = try await compiler.prepared()
      // Side by side: each compiler keeps one core busy for a while.
      async let digest = Self.digest(of: extraction)
      async let otherPaths = Self.compile(
        extraction, with: compiler, widths: others.filter { $0 != indexBits }, into: folder)
      let path = try await compiler.compile(extraction, indexBits: indexBits, into: folder)
      let summary = SubjectSummary(
        kind: subject.kind, origin: subject.origin, sha256: try await digest.get(),
        argument: PlainText.shellWord(argument))
      return (
        compiler,
        LoadedSubject(
          summary: summary, path: path, otherPaths: try await otherPaths.get().mapValues { $0 },
          kernelOptions: options.kernelOptions.union(extraction.era), extraction: extraction)
      )
    } catch {
      throw Self.unreadable(error)
    }
  }

  /// The SHA-256 of a subject's functions, in hex.
  func sha256(of subject: ExtractedSubject) async throws(PipelineError) -> String {
    do throws(SubjectError) {
      return subject.kind == "builtin"
        ? EmbeddedReference.sha256 : try await subject.extraction.sha256()
    } catch {
      throw Self.unreadable(error)
    }
  }

  private static func digest(of extraction: Extraction) async -> Result<String, SubjectError> {
    do throws(SubjectError) {
      return .success(try await extraction.sha256())
    } catch {
      return .failure(error)
    }
  }

  private static func compile(
    _ extraction: Extraction, with compiler: SubjectCompiler, widths: [Int], into folder: String
  ) async -> Result<[Int: String], SubjectError> {
    do throws(SubjectError) {
      var paths: [Int: String] = [:]
      for width in widths {
        paths[width] = try await compiler.compile(extraction, indexBits: width, into: folder)
      }
      return .success(paths)
    } catch {
      return .failure(error)
    }
  }

  /// What compiles subjects.
  var compiler: SubjectCompiler {
    SubjectCompiler(
      stubs: files.stubs, compiler: options.compiler, defines: options.defines,
      undefines: options.undefines)
  }

  /// Reads a subject and cuts its functions out; of the embedded reference, from the text that it was
  /// compiled from.
  func extract(_ argument: String) async throws(PipelineError) -> ExtractedSubject {
    let reference = try reference(argument)
    do throws(SubjectError) {
      return try await extract(reference, argument)
    } catch {
      throw Self.unreadable(error)
    }
  }

  private func extract(
    _ reference: SubjectReference, _ argument: String
  ) async throws(SubjectError) -> ExtractedSubject {
    progress("reading \(argument)")
    let isEmbedded = reference == .builtin
    var text = try await SubjectReader(baseFile: options.baseFile, progress: progress)
      .read(isEmbedded ? .file(path: files.reference) : reference)
    if isEmbedded { text = text.shown(as: "CKernelShim/subject/reference.inc") }
    progress("extracting the functions of \(text.origin)")
    return ExtractedSubject(
      kind: text.kind, origin: text.origin,
      extraction: try Extraction.extract(from: text, stubs: files.stubs))
  }

  /// What the argument names; a base file for what is no patch is wrong usage.
  private func reference(_ argument: String) throws(PipelineError) -> SubjectReference {
    let reference: SubjectReference
    do throws(SubjectError) {
      reference = try SubjectReference(argument: argument)
    } catch {
      throw Self.unreadable(error)
    }
    switch reference {
    case .patch, .standardInput: break
    default:
      guard options.baseFile == nil else {
        throw PipelineError(
          .usage, "--base goes with a patch, and \(argument) is none; leave it out")
      }
    }
    return reference
  }

  static func unreadable(_ error: SubjectError) -> PipelineError {
    PipelineError(
      .unreadable, error.advice.map { "\(error.message); \($0)" } ?? error.message,
      isAboutSurface: error.isAboutSurface)
  }

  fileprivate static let embeddedOrigin = "the embedded reference"

  private static func embedded(others: [Int]) -> LoadedSubject {
    LoadedSubject(
      summary: SubjectSummary(
        kind: "builtin", origin: Self.embeddedOrigin,
        sha256: EmbeddedReference.sha256, argument: "builtin"), path: nil,
      otherPaths: Dictionary(uniqueKeysWithValues: others.map { ($0, nil) }))
  }
}

extension SubjectText {
  /// The text of the embedded reference, whose lines are of a file of the repository wherever it was
  /// found.
  fileprivate func shown(as name: String) -> SubjectText {
    SubjectText(
      kind: "builtin", origin: SubjectLoader.embeddedOrigin,
      files: files.map { file in
        SourceFile(
          path: file.path, displayName: name,
          lines: file.lines.map {
            SourceLine(
              text: $0.text, displayName: name, number: $0.number, isAdded: $0.isAdded)
          })
      })
  }
}
