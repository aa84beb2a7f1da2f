// SPDX-License-Identifier: GPL-2.0-only

/// A request to `mhpcheck series`.
public struct SeriesRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// The options for reading and compiling the subject.
  public var options: SubjectOptions
  /// The number of worker processes at a time.
  public var jobs: Int

  public init(subject: String, options: SubjectOptions = SubjectOptions(), jobs: Int) {
    self.subject = subject
    self.options = options
    self.jobs = jobs
  }
}
