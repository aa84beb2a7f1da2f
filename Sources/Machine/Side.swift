// SPDX-License-Identifier: GPL-2.0-only

/// A number for all that a side did in a case, how it ended included (`mhp_digest` in the shim). Two sides
/// that behave the same have the same; two that do not, by a chance of 2^-64.
public typealias CaseDigest = UInt64

/// Something that runs cases on a machine of its own: a loaded subject, or a port. It belongs to one thread
/// at a time.
public protocol Side: AnyObject {
  /// Loads a case and runs its operations in turn, up to the first that does not come back, or, with a
  /// limit, up to the event after so many. What it did can be asked for until the next run.
  func run(_ image: MachineImage, upTo eventLimit: Int?) -> Ending

  /// The digest of what it did in the case that it ran last, and that ended so; the first `words` words of
  /// each table's page count.
  func digest(_ ending: Ending, of image: MachineImage, words: Int) -> CaseDigest

  /// Everything that it did in the case that it ran last, and that ended so.
  func observation(_ ending: Ending, of image: MachineImage) -> Observation
}

extension Side {
  /// Loads a case and runs it, and nothing more.
  @inlinable @discardableResult public func run(_ image: MachineImage) -> Ending {
    run(image, upTo: nil)
  }

  /// Runs a case, and digests what it did.
  @inlinable public func answer(
    _ image: MachineImage, words: Int = Pool.wordsPerPage
  ) -> (digest: CaseDigest, ending: Ending) {
    let ending = run(image, upTo: nil)
    return (digest(ending, of: image, words: words), ending)
  }

  /// Runs a case and gives back everything that it did.
  public func observe(_ image: MachineImage) -> Observation {
    observation(run(image, upTo: nil), of: image)
  }

  /// Runs a case up to the event after so many and gives back the state there, without the events.
  public func observe(
    _ image: MachineImage, stoppedAfter events: Int
  ) -> Observation {
    var observation = observation(run(image, upTo: events), of: image)
    observation.events = []
    return observation
  }

  /// What it did by the end of each call of a case, the first that does not come back included.
  public func steps(_ image: MachineImage) -> [Observation] {
    var steps: [Observation] = []
    var part = image
    for count in 1...max(1, image.operations.count) {
      part.operations = Array(image.operations.prefix(count))
      let observation = observe(part)
      steps.append(observation)
      if observation.ending.kind != EndingKind.finished.rawValue { break }
    }
    return steps
  }
}
