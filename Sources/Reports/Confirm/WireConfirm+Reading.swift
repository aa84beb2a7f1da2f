// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

// The files are untrusted, so these initializers refuse everything that no run writes.

extension WireConfirm: Decodable {
  package init(from decoder: any Decoder) throws {
    let members: Set = [
      "schema", "tool", "kernel", "release", "machine", "seconds", "cases", "error",
    ]
    let object = try StrictObject(decoder, members: members)
    guard try object.text("schema") == Self.schema else {
      throw object.complaint("schema", "is not \"\(Self.schema)\"")
    }
    if let error = try object.optional("error", String.self, "a string") {
      let why = SafeText.line(SafeText.shortened(error, to: 200))
      throw ConfirmFileError("it holds no result, as that run was not completed: \(why)")
    }
    tool = try object.text("tool")
    kernel = try object.text("kernel")
    release = try object.optional("release", String.self, "a string")
    machine = try object.text("machine")
    seconds = try object.seconds("seconds")
    cases = try object.required("cases", [Case].self, "an array of objects")
  }
}

extension WireConfirm.Case: Decodable {
  package init(from decoder: any Decoder) throws {
    let members: Set = [
      "id", "mode", "status", "seconds", "reason", "disagreements", "hazards", "missingFixes",
      "compared",
    ]
    let object = try StrictObject(decoder, members: members)
    id = try object.text("id")
    mode = try object.text("mode")
    guard Architecture.riscv.mode(named: mode) != nil else {
      throw object.complaint("mode", "is no paging mode")
    }
    status = try object.text("status")
    seconds = try object.seconds("seconds")
    reason = try object.optional("reason", String.self, "a string")
    disagreements = try object.required(
      "disagreements", [WireConfirm.Disagreement].self, "an array of objects")
    hazards = try object.required(
      "hazards", [WireConfirm.PredictedHazard].self, "an array of objects")
    missingFixes = try object.optional("missingFixes", [String].self, "an array of strings")
    compared = try object.required("compared", Compared.self, "an object")
    guard ["agrees", "disagrees", "skipped"].contains(status) else {
      throw object.complaint("status", "is none of agrees, disagrees and skipped")
    }
    guard (status == "skipped") == (reason != nil) else {
      throw object.complaint("reason", "is required for skipped cases and not allowed for others")
    }
    guard status == "skipped" || (status == "disagrees") == !disagreements.isEmpty else {
      throw object.complaint("disagreements", "contradicts the status")
    }
    guard missingFixes?.isEmpty != true, missingFixes == nil || status == "disagrees" else {
      throw object.complaint("missingFixes", "goes with cases that disagree, and only with them")
    }
  }
}

extension WireConfirm.Case.Compared: Decodable {
  package init(from decoder: any Decoder) throws {
    let object = try StrictObject(decoder, members: ["leaves", "tables", "events"])
    leaves = try object.count("leaves")
    tables = try object.count("tables")
    events = try object.count("events")
  }
}

extension WireConfirm.Disagreement: Decodable {
  package init(from decoder: any Decoder) throws {
    let object = try StrictObject(
      decoder, members: ["step", "aspect", "place", "model", "kernel"])
    step = try object.text("step")
    aspect = try object.required("aspect", ConfirmCase.Aspect.self, "anything that is compared")
    place = try object.text("place")
    model = try object.text("model")
    kernel = try object.text("kernel")
  }
}

extension WireConfirm.PredictedHazard: Decodable {
  package init(from decoder: any Decoder) throws {
    let object = try StrictObject(
      decoder, members: ["id", "step", "predicted", "seen", "lines"])
    id = try object.required("id", Hazard.ID.self, "a hazard's id")
    step = try object.text("step")
    predicted = try object.text("predicted")
    seen = try object.optional("seen", String.self, "a string")
    lines = try object.required("lines", [String].self, "an array of strings")
  }
}
