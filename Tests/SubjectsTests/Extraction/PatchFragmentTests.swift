// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Machine
@testable import Subjects

@Suite struct PatchFragmentTests {
  static let whole = """
    @
      * the end of a comment */
     \treturn &info;
     }
     #endif /* CONFIG_EXECMEM */
    +
    +#ifdef CONFIG_MEMORY_HOTPLUG
    +void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    +{
    +\tremove_pgd_mapping(start, end);
    +}
    +#endif
    @
     static void __meminit remove_pgd_mapping(unsigned long va, unsigned long end)
     {
    -\told();
    +\tflush_tlb_all();
     }
    @
     static int unrelated(void)
     {
     \tint a = 1;
    """

  @Test("the functions that a patch adds or touches are found; ends of others are dropped")
  func fragment() throws {
    let extraction = try extract(patch(Self.whole))
    #expect(Set(extraction.functions.keys) == [.vmemmapFree, .removePgdMapping])
    #expect(extraction.pulled.isEmpty)
    let origin = try #require(extraction.functions[.vmemmapFree])
    #expect(origin.displayName == "fix.patch" && origin.firstLine == 11 && origin.lastLine == 14)
    #expect(extraction.unit.contains("#line 20 \"fix.patch\"\n\tflush_tlb_all();"))
  }

  @Test("a function that a patch shows in part is an error that names --base")
  func incomplete() {
    let text = """
      @
       static void __meminit remove_pgd_mapping(unsigned long va, unsigned long end)
       {
      +\tint added;
       \tint other;
      @
       \tflush_tlb_all();
      +\tflush_tlb_all();
       }
      """
    let error = failure { try extract(patch(text)) }
    #expect(error?.message == "fix.patch:5: remove_pgd_mapping is incomplete in this patch")
    #expect(error?.advice == "apply it with --base FILE")
  }

  @Test("a patch that only shows a function as context touches none")
  func contextOnly() {
    let text = """
      @
       void vmemmap_free(unsigned long start, unsigned long end)
       {
       }
      +int added;
      """
    let error = failure { try extract(patch(text)) }
    #expect(error?.message.contains("adds no line to any of the functions") == true)
    #expect(error?.advice?.hasSuffix("run mhpcheck list functions to list them") == true)
  }

  @Test("an error in a patch names the patch and its line")
  func diagnostics() async throws {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    let text = Self.whole.replacing("+\tremove_pgd_mapping(", with: "+\tremove_all_of_it(")
    let extraction = try Extraction.extract(from: patch(text), stubs: stubs)
    do throws(Failure) {
      _ = try await SubjectCompiler(stubs: stubs)
        .compile(extraction, indexBits: 9, into: folder.path)
      Issue.record("it compiled")
    } catch {
      #expect(error.message.hasPrefix("fix.patch:13: "), "\(error)")
      #expect(error.advice?.contains("stub headers define remove_all_of_it") == true)
    }
  }
}
