// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// A body that is hard to mark, and the points in it that no pair from -3 to 5 reaches.
struct OddBody: Sendable, CustomTestStringConvertible {
  var what: String
  var body: String
  var unreached: [String] = []
  var testDescription: String { what }

  static let all: [OddBody] = [
    OddBody(
      what: "a dangling else", body: "if (a > 0)\n\tif (b > 0) return 1; else return 2;\nreturn 3;"),
    OddBody(
      what: "else if without braces",
      body: "if (a < -9)\n\treturn 1;\nelse if (a == b)\n\treturn 2;\nelse\n\treturn 3;",
      unreached: ["then of `if (a < -9)`", "`a < -9` true", "return 1;"]),
    OddBody(
      what: "operands that are not evaluated",
      body: "int n = 0;\nif (a > 0 && (n++, b > 0) || b > 8) n += 10;\nreturn n;",
      unreached: ["`b > 8` true"]),
    OddBody(
      what: "a negated condition",
      body: "if (!(a && !b) || likely(a > 77)) return 1;\nreturn 0;",
      unreached: ["`a > 77` true"]),
    OddBody(
      what: "a switch that falls through",
      body: """
        int n = 0;
        switch (a) {
        case 1: n++; fallthrough;
        case 2: case 3: n += 2;
        case 99: n += 4; break;
        case 4 ... 5: n = 9;
        }
        return n;
        """, unreached: ["`case 99:`"]),
    OddBody(
      what: "a switch with a default and a declaration behind a label",
      body: """
        switch (a & 3) {
        case 0: { int n = b; return n; }
        case 1:
        case 2: return 2;
        case 3: return 3;
        default: return 4;
        }
        """, unreached: ["`default:`", "return 4;"]),
    OddBody(
      what: "nested switches, one of them with cases for all",
      body:
        "switch (a < 0) {\ncase 0:\n\tswitch (b & 1) { case 0: return 1; case 1: return 2; }\ncase 1: ;\n}\nreturn 3;",
      unreached: ["no case of `switch (a < 0)`", "no case of `switch (b & 1)`"]),
    OddBody(
      what: "loops that never and always run",
      body:
        "int n = 0;\nfor (int i = 0; i < 4; i++) n += i;\nwhile (n < 0)\n\tn++;\ndo n++; while (n < 8);\nreturn n;",
      unreached: ["body of `while (n < 0)`", "`n < 0` true", "n++;"].sorted()),
    OddBody(
      what: "endless loops and labels",
      body:
        "int n = 0;\nfor (;;) {\n\tif (n++ > a) goto out;\n}\nout:\nwhile (1) { if (++n > 9) break; else continue; }\nreturn n;"
    ),
    OddBody(
      what: "ternaries in ternaries",
      body: "return a > 0 ? b > 0 ? 1 : 2 : b == 77 ? 3 : 4;",
      unreached: ["true of `b == 77 ?`", "`b == 77` true"]),
    OddBody(what: "a short ternary", body: "return (a & 1) ?: b;"),
    OddBody(
      what: "a statement that has a value",
      body: "int n = ({ int m = a; if (m < 0) m = -m; m; });\nreturn n > 0 || ({ b; }) ? n : b;"),
    OddBody(
      what: "constants that must stay constants",
      body: """
        static int kept = 1 && 2;
        char bytes[(3 > 2) + 1] = { 0 };
        _Static_assert(sizeof(bytes) == 2 || 0, "two");
        return kept + sizeof(a && b) + __builtin_choose_expr(1 && 1, a, b) + bytes[0];
        """),
    OddBody(
      what: "what only numbers decide",
      body:
        "#define WANTED 0\nif (WANTED || 0) {\n\tif (a > 1) return 7;\n}\nif (1) return b;\nreturn a;",
      unreached: ["return a;"]),
    OddBody(
      what: "a comma, strings and comments in a condition",
      body: "if (a++, /* ) */ \"(;{\"[0] == '(' && a > b) // }\n\treturn 1;\nreturn a;",
      unreached: ["`\"(;{\"[0] == '('` false"]),
    OddBody(what: "an empty branch", body: "if (a > b)\n\t;\nelse\n\treturn 2;\nreturn 1;"),
    OddBody(
      what: "a macro loop",
      body: "int n = 0;\neach(i, a) n += i;\neach(j, b) { if (j > 2) n -= j; }\nreturn n;"),
    OddBody(
      what: "conditionals between statements",
      body:
        "int n = a;\n#ifdef CONFIG_NONE\nif (b)\n\tn++;\n#else\nif (a)\n\tn--;\n#endif\nreturn n;"),
  ]
}
