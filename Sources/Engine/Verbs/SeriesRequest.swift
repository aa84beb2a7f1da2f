// SPDX-License-Identifier: GPL-2.0-only

/// What `mhpcheck series` is asked to do, as a value.
public struct SeriesRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// How the subject is read and compiled.
  public var options: SubjectOptions
  /// Worker processes at a time.
  public var jobs: Int

  public init(subject: String, options: SubjectOptions = SubjectOptions(), jobs: Int) {
    self.subject = subject
    self.options = options
    self.jobs = jobs
  }
}
