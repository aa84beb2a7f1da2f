// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc

// port-mutants FIRST LAST STEP: a line for each mutant: its number, and the means that find it or "none". The line
// before a search says which mutant it is, for the case that it ends the process.
let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 3 else {
  print("usage: port-mutants FIRST LAST STEP")
  exit(64)
}
let search = try PortMutantSearch()
for number in stride(from: numbers[0], through: numbers[1], by: numbers[2]) {
  print("try \(number)")
  fflush(nil)
  print("\(number) \(try search.means(against: number)?.rawValue ?? "none")")
}
