// SPDX-License-Identifier: GPL-2.0-only

/// A digest of a side's behaviour in a case, the ending included (`mhp_digest` in the shim). Sides that
/// behave the same have the same digest; sides that differ collide with a probability of 2^-64.
public typealias CaseDigest = UInt64

/// A runner of cases with its own machine: a loaded subject, or a port. Only one thread may use it at a
/// time.
public protocol Side: AnyObject {
  /// Loads a case and runs its operations in turn, up to the first that does not return or, with a
  /// limit, up to the event after the first `eventLimit` events. The results remain available until the
  /// next run.
  func run(_ image: MachineImage, upTo eventLimit: Int?) -> Ending

  /// The digest of the last run, which had this ending. The first `words` words of each table's page
  /// count.
  func digest(_ ending: Ending, of image: MachineImage, words: Int) -> CaseDigest

  /// The observation of the last run, which had this ending.
  func observation(_ ending: Ending, of image: MachineImage) -> Observation
}

extension Side {
  /// Runs a case without an event limit.
  @inlinable @discardableResult public func run(_ image: MachineImage) -> Ending {
    run(image, upTo: nil)
  }

  /// Runs a case and digests its behaviour.
  @inlinable public func answer(
    _ image: MachineImage, words: Int = Pool.wordsPerPage
  ) -> (digest: CaseDigest, ending: Ending) {
    let ending = run(image, upTo: nil)
    return (digest(ending, of: image, words: words), ending)
  }

  public func observe(_ image: MachineImage) -> Observation {
    observation(run(image, upTo: nil), of: image)
  }

  /// Runs a case up to the event after the first `events` events and returns the state there, without
  /// the events.
  public func observe(
    _ image: MachineImage, stoppedAfter events: Int
  ) -> Observation {
    var observation = observation(run(image, upTo: events), of: image)
    observation.events = []
    return observation
  }

  /// The observation at the end of each call of a case, up to and including the first that does not
  /// return.
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
