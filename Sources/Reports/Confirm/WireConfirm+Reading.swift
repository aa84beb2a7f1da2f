// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine

// The files are untrusted, so these initializers refuse everything that no run writes.

extension WireConfirm {
  init(_ value: JSONValue) throws(ScenarioError) {
    let object = try ObjectReader(
      value, path: "",
      keys: ["schema", "tool", "kernel", "release", "machine", "seconds", "cases", "error"])
    let schema = try object.text("schema")
    guard schema == Self.schema else {
      throw ScenarioError("schema", "\(ScenarioError.quoted(schema)) is not \"\(Self.schema)\"")
    }
    if let error = try object.string("error") {
      let why = SafeText.line(SafeText.shortened(error, to: 200))
      throw ScenarioError("", "it holds no result, as that run was not completed: \(why)")
    }
    tool = try object.text("tool")
    kernel = try object.text("kernel")
    release = try object.string("release")
    machine = try object.text("machine")
    seconds = try object.seconds("seconds")
    cases = try object.objects("cases").map { value, path throws(ScenarioError) in
      try Case(value, path)
    }
  }
}

extension WireConfirm.Case {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let object = try ObjectReader(
      value, path: path,
      keys: [
        "id", "mode", "status", "seconds", "reason", "disagreements", "hazards", "missingFixes",
        "compared",
      ])
    id = try object.text("id")
    mode = try object.text("mode")
    guard Architecture.riscv.mode(named: mode) != nil else {
      throw object.error("mode", "no paging mode")
    }
    status = try object.text("status")
    seconds = try object.seconds("seconds")
    reason = try object.string("reason")
    disagreements = try object.objects("disagreements").map { value, path throws(ScenarioError) in
      try WireConfirm.Disagreement(value, path)
    }
    hazards = try object.objects("hazards").map { value, path throws(ScenarioError) in
      try WireConfirm.PredictedHazard(value, path)
    }
    missingFixes = object.has("missingFixes") ? try object.strings("missingFixes") : nil
    compared = try Compared(
      try object.require("compared", object.value("compared")), object.path(of: "compared"))
    guard ["agrees", "disagrees", "skipped"].contains(status) else {
      throw object.error("status", "none of agrees, disagrees and skipped")
    }
    guard (status == "skipped") == (reason != nil) else {
      throw object.error("reason", "required for skipped cases and not allowed for others")
    }
    guard status == "skipped" || (status == "disagrees") == !disagreements.isEmpty else {
      throw object.error("disagreements", "contradicts the status")
    }
    guard missingFixes?.isEmpty != true, missingFixes == nil || status == "disagrees" else {
      throw object.error("missingFixes", "goes with cases that disagree, and only with them")
    }
  }
}

extension WireConfirm.Case.Compared {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let object = try ObjectReader(value, path: path, keys: ["leaves", "tables", "events"])
    leaves = try object.count("leaves")
    tables = try object.count("tables")
    events = try object.count("events")
  }
}

extension WireConfirm.Disagreement {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let object = try ObjectReader(
      value, path: path, keys: ["step", "aspect", "place", "model", "kernel"])
    step = try object.text("step")
    aspect = try object.require("aspect", object.name("aspect", "anything that is compared"))
    place = try object.text("place")
    model = try object.text("model")
    kernel = try object.text("kernel")
  }
}

extension WireConfirm.PredictedHazard {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let object = try ObjectReader(
      value, path: path, keys: ["id", "step", "predicted", "seen", "lines"])
    id = try object.require("id", object.name("id", "a hazard's id"))
    step = try object.text("step")
    predicted = try object.text("predicted")
    seen = try object.string("seen")
    lines = try object.require("lines", object.has("lines") ? object.strings("lines") : nil)
  }
}

extension ObjectReader {
  fileprivate func error(_ key: String, _ message: String) -> ScenarioError {
    ScenarioError(path(of: key), message)
  }

  /// A required string.
  fileprivate func text(_ key: String) throws(ScenarioError) -> String {
    try require(key, string(key))
  }

  /// The elements of a required array.
  fileprivate func objects(
    _ key: String
  ) throws(ScenarioError) -> [(value: JSONValue, path: String)] {
    try require(key, has(key) ? list(key) : nil)
  }

  /// A required duration in seconds, from 0 to 1e9 (about thirty years).
  fileprivate func seconds(_ key: String) throws(ScenarioError) -> Double {
    let seconds = try require(key, number(key))
    guard (0...1e9).contains(seconds) else { throw error(key, "out of range") }
    return seconds
  }

  /// A required count, from 0 to 1e12.
  fileprivate func count(_ key: String) throws(ScenarioError) -> Int {
    let count: Int = try require(key, integer(key))
    guard (0...1_000_000_000_000).contains(count) else { throw error(key, "out of range") }
    return count
  }
}
