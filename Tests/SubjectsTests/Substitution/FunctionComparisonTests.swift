// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

/// The places at which the tokens of two functions differ.
@Suite("The hunks of a function")
struct FunctionComparisonTests {
  /// Each hunk as "the subject's tokens | the reference's".
  private func hunks(_ own: String, _ other: String) -> [String] {
    let mine = own.split(separator: " ").map(String.init)
    let theirs = other.split(separator: " ").map(String.init)
    return FunctionComparison.hunks(mine, theirs).map { hunk in
      mine[hunk.own].joined(separator: " ") + " | "
        + theirs[hunk.other].joined(separator: " ")
    }
  }

  @Test("are one for two calls in the wrong order")
  func order() {
    let unmap = "unmap ( start , size ) ;"
    let remove = "remove ( pfn ( start ) , pfn ( size ) , altmap ) ;"
    #expect(
      hunks("{ \(unmap) \(remove) }", "{ \(remove) \(unmap) }")
        == ["\(unmap) \(remove) | \(remove) \(unmap)"])
    #expect(hunks("{ a ( x ) ; b ( ) ; }", "{ b ( ) ; a ( x ) ; }").count == 1)
  }

  @Test("begin with a statement, whichever of equal tokens the comparison takes")
  func statements() {
    #expect(
      hunks("{ x ( ) ; y ( ) ; z ( ) ; }", "{ w ( ) ; x ( ) ; y ( ) ; v ( ) ; z ( ) ; }")
        == [" | w ( ) ;", " | v ( ) ;"])
    #expect(
      hunks("{ if ( a ) { f ( ) ; } }", "{ if ( a ) { f ( ) ; continue ; } }")
        == [" | continue ;"])
  }

  @Test("are the missing tokens alone where a part of a statement is missing")
  func parts() {
    #expect(hunks("{ if ( a ) f ( ) ; }", "{ if ( ! a ) f ( ) ; }") == [" | !"])
    #expect(hunks("{ f ( size ) ; }", "{ f ( size >> SHIFT ) ; }") == [" | >> SHIFT"])
    #expect(hunks("{ n = addr ; }", "{ n = end ( addr , b ) ; }") == ["addr | end ( addr , b )"])
  }

  @Test("may be exchanged alone only where the same brackets stay open")
  func brackets() {
    for (own, other, isSame) in [
      ("f ( a ) ;", "{ g ( ) ; }", true), ("} else {", "} {", true), ("", "x [ 0 ] ;", true),
      ("if ( a ) {", "if ( a )", false), ("}", "", false), ("( a", "a )", false),
      ("] {", "{ ]", false),
    ] {
      let texts = [own, other].map { $0.split(separator: " ").map(String.init) }
      #expect(
        (FunctionComparison.unmatched(texts[0]) == FunctionComparison.unmatched(texts[1]))
          == isSame,
        "\(own) | \(other)")
    }
  }
}
