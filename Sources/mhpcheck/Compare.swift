// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck compare`: compares two subjects.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two subjects, and says for each difference which one the port agrees with.")

  @Argument(help: "The subject called A; see mhpcheck --help.", completion: .file())
  var first: String

  @Argument(help: "The subject called B.", completion: .file())
  var second: String

  @OptionGroup var cases: CaseOptions

  @OptionGroup var files: DocumentFiles

  @OptionGroup var subjects: SubjectArguments

  @OptionGroup var bisection: BisectOptions

  mutating func validate() throws {
    if first == "-", second == "-" {
      throw ValidationError("standard input can be one of the two subjects, not both")
    }
  }

  func run() async throws { try await bisection.run(judge) }

  private func judge() async throws {
    let answer = try files.found(
      apartFrom: subjects.filesRead(beside: first) + [second], show: cases.show)
    let request = CompareRequest(
      first: first, second: second, options: subjects.options, modes: cases.modes,
      jobs: cases.jobCount)
    let comparison = try await answer.answer { error in
      JSONRenderer().render(
        failure: error.text,
        verdict: error.status == .unreadable ? .unbuildable : .incomplete,
        subjects: [first, second], tool: Version.text)
    } _: { progress, stop throws(Failure) in
      try await CompareRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .comparison(request)
    }
    try answer.deliver(
      CompareDocument.of(comparison), json: JSONRenderer().render(comparison))
    if !comparison.isSame { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
