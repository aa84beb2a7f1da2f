// SPDX-License-Identifier: GPL-2.0-only

/// A unit in which a function stands once as it is and once for each of some variants. A number that the worker
/// stores chooses between them (`mhp/choice.h`): one object holds hundreds of experiments.
struct VariedUnit {
  /// A variant of a function: its number from 1 on, and how its text differs.
  typealias Variant = (number: Int, edits: [UnitEdit])

  /// The name that the compiler gives to the lines of a variant.
  static let lines = "mhp-variant-"

  let extraction: Extraction

  /// Nil where the function's header or the unit's beginning is not what it should be.
  ///
  /// - Parameters:
  ///   - function: the function in the unit `whole`.
  ///   - variants: 0 is the function as it is.
  init?(_ whole: Extraction, _ function: FunctionStructure, _ variants: [Variant]) {
    let unit = Array(whole.unit.utf8)
    let prelude = "#include <mhp/prelude.h>\n"
    let tokens = function.tokens
    guard let nameAt = function.nameAt, let first = tokens.first, let last = tokens.last,
      tokens.indices.contains(function.body.range.lowerBound),
      tokens[function.body.range.lowerBound].is("{"),
      function.parameters.allSatisfy({ $0 != nil }),
      let start = whole.unit.utf8.firstRange(of: prelude.utf8)
    else { return nil }
    let range = first.unitRange.lowerBound..<last.unitRange.upperBound
    func variant(_ number: Int, _ edits: [UnitEdit]) -> String {
      let name = UnitEdit(
        range: tokens[nameAt].unitRange, text: Self.name(number, function.name))
      return "\n#line 1 \"\(Self.lines)\(number)\"\n"
        + Self.text(unit, range, [name] + edits)
    }
    var text = variant(0, [])
    for (number, edits) in variants { text += variant(number, edits) }
    let header =
      first.unitRange
      .lowerBound..<tokens[function.body.range.lowerBound].unitRange
      .lowerBound
    let arguments = function.parameters.compactMap { $0 }.joined(separator: ", ")
    func call(_ number: Int) -> String {
      "return \(Self.name(number, function.name))(\(arguments));\n"
    }
    text += "\n#line 1 \"mhpcheck-glue\"\n" + Self.text(unit, header, [])
    text += "\n{\nswitch (MHP_CHOSEN) {\n"
    // A call that does not fit its variant is the variant's error.
    for (number, _) in variants {
      text += "\n#line 1 \"\(Self.lines)\(number)\"\ncase \(number): \(call(number))"
    }
    text += "\n#line 1 \"mhpcheck-glue\"\ndefault: \(call(0))}\n}\n"
    let offset = whole.unit.utf8.distance(
      from: whole.unit.startIndex, to: start.upperBound)
    extraction = whole.edited([
      UnitEdit(range: offset..<offset, text: "#include <mhp/choice.h>\n"),
      UnitEdit(range: range, text: text),
    ])
  }

  /// Whether a variant may have an edit: each variant has a name of its own, so an edit must leave the name alone.
  static func allows(_ edit: UnitEdit, in function: FunctionStructure) -> Bool {
    guard let nameAt = function.nameAt else { return false }
    let name = function.tokens[nameAt].unitRange
    return edit.range.upperBound <= name.lowerBound || edit.range.lowerBound >= name.upperBound
  }

  private static func name(_ number: Int, _ function: String) -> String {
    "mhp_variant_\(number)_\(function)"
  }

  /// A part of a unit with some edits.
  private static func text(_ unit: [UInt8], _ range: Range<Int>, _ edits: [UnitEdit]) -> String {
    var bytes: [UInt8] = []
    var copied = range.lowerBound
    // What is inserted before a token comes before the token's own edit.
    let sorted = edits.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    for edit in sorted {
      bytes += unit[copied..<edit.range.lowerBound]
      bytes += Array(edit.text.utf8)
      copied = edit.range.upperBound
    }
    bytes += unit[copied..<range.upperBound]
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The numbers of the variants that a compiler complains about.
  static func refused(in errors: String) -> Set<Int> {
    Set(
      errors.split(whereSeparator: \.isNewline).compactMap { line in
        guard line.hasPrefix(lines) else { return nil }
        return Int(line.dropFirst(lines.count).prefix { $0.isNumber })
      })
  }
}
