#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes the embedded reference: what the patches of patches/series, applied in
# turn, make of arch/riscv/mm/init.c, with the glue that mhp/dispatch.h expects behind each
# function of the surface.
#
#     generate.sh            writes reference.inc beside this script, and its
#                            SHA-256 as include/reference_digest.h
#     generate.sh --check    fails when they are not what it would write
#
# The reference is ours and its signatures are known, so the argument lists
# stand here; those of strangers' text are worked out by Sources/Subjects.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
patches=$(CDPATH='' cd -- "$here/../../patches" && pwd)
file=arch/riscv/mm/init.c
output=$here/reference.inc

names=$(sed '/^#/d; /^$/d' "$patches/series")

# The patches stand on a file of so many lines, which hold nothing that matters.
base_lines=1585

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
write() {
	mkdir -p "$work/${file%/*}"
	yes '' | head -n "$base_lines" >"$work/$file"
	for name in $names; do
		(cd "$work" && GIT_CEILING_DIRECTORIES=$(dirname "$work") \
			git apply --unidiff-zero --include="$file" "$patches/$name")
	done
	sed "1,${base_lines}d" "$work/$file" | awk -v script=generate.sh '
		BEGIN {
			table["free_pte_table"] = "MHP_TABLE(pte_t, op), MHP_PARENT(pmd_t, op)"
			table["free_pmd_table"] = "MHP_TABLE(pmd_t, op), MHP_PARENT(pud_t, op), " \
				"MHP_IS_VMEMMAP(op)"
			table["free_pud_table"] = "MHP_TABLE(pud_t, op), MHP_PARENT(p4d_t, op)"
			table["free_vmemmap_storage"] = "MHP_PAGE(op), MHP_SIZE(op), MHP_ALTMAP(op)"
			walk = "\\\n\t\tMHP_START(op), MHP_END(op), MHP_IS_VMEMMAP(op), MHP_ALTMAP(op)"
			table["remove_pte_mapping"] = "MHP_BASE(pte_t, op), " walk
			table["remove_pmd_mapping"] = "MHP_BASE(pmd_t, op), " walk
			table["remove_pud_mapping"] = "MHP_BASE(pud_t, op), " walk
			table["remove_p4d_mapping"] = "MHP_BASE(p4d_t, op), " walk
			table["remove_pgd_mapping"] = walk
			table["remove_linear_mapping"] = "MHP_START(op), MHP_SIZE(op)"
			table["arch_get_mappable_range"] = ""
			table["arch_add_memory"] = "MHP_NODE(op), MHP_START(op), MHP_SIZE(op), " \
				"MHP_PARAMS(op)"
			table["arch_remove_memory"] = "MHP_START(op), MHP_SIZE(op), " \
				"MHP_ALTMAP(op), MHP_PGMAP(op)"
			table["vmemmap_free"] = "MHP_START(op), MHP_END(op), MHP_ALTMAP(op)"
			table["best_map_size"] = "MHP_PHYSICAL(op), MHP_START(op), MHP_SIZE(op)"
			create = "MHP_START(op), MHP_PHYSICAL(op), \\\n\t\tMHP_BLOCK(op), " \
				"MHP_PROTECTION(op)"
			table["create_linear_mapping_range"] = "MHP_START(op), MHP_END(op), " \
				"MHP_BLOCK(op), \\\n\t\tMHP_PROTECTION_POINTER(op)"
			table["pgprot_from_va"] = "MHP_START(op)"
			table["preallocate_pgd_pages_range"] = "MHP_START(op), MHP_END(op), " \
				"MHP_AREA(op)"
			table["pgtable_cache_init"] = ""
			table["create_pgd_mapping"] = "MHP_TABLE(pgd_t, op), " create
			split("pte pmd pud p4d", levels, " ")
			for (i in levels) {
				table["create_" levels[i] "_mapping"] = \
					"MHP_TABLE(" levels[i] "_t, op), " create
				table["alloc_" levels[i] "_late"] = "MHP_START(op)"
				table["get_" levels[i] "_virt_late"] = "MHP_PHYSICAL(op)"
			}
			hook = "MHP_NODE(op), \\\n\t\tMHP_START(op), MHP_END(op)"
			table["vmemmap_set_pmd"] = "MHP_PARENT(pmd_t, op), MHP_POINTER(op), " hook
			table["vmemmap_check_pmd"] = "MHP_PARENT(pmd_t, op), " hook
			table["vmemmap_populate"] = "MHP_START(op), MHP_END(op), MHP_NODE(op), " \
				"MHP_ALTMAP(op)"
			print "/* SPDX-License-Identifier: GPL-2.0-only */"
			print "/* Made from patches/ by " script "; do not edit. */"
			print "#define MHP_HAVE_pt_ops_set_late 1"
		}
		{ print }
		# A definition begins in column 1 and its body with a brace of its own.
		/^[a-z].*\(/ {
			name = $0
			gsub(/__meminit |__init /, "", name)
			sub(/\(.*/, "", name)
			sub(/.*[ *]/, "", name)
		}
		/^}$/ && name in table {
			print "#define MHP_HAVE_" name " 1"
			print "#define MHP_CALL_" name "(op) \\"
			print "\t" name "(" table[name] ")"
			found[name] = 1
			name = ""
		}
		END {
			for (name in table) {
				if (!(name in found)) {
					print script ": no " name " in the patches" >"/dev/stderr"
					exit 1
				}
			}
		}'
}

# What a report names the embedded text by; the text is in the file $1.
digest() {
	echo '/* SPDX-License-Identifier: GPL-2.0-only */'
	echo '/* Made from patches/ by generate.sh; do not edit. */'
	echo '#define MHP_REFERENCE_SHA256 \'
	printf '\t"%s"\n' "$(sha256sum <"$1" | cut -d' ' -f1)"
}

new=$work/reference.inc
write >"$new"
if [ "${1-}" = --check ]; then
	cmp -- "$new" "$output"
	digest "$new" | cmp - "$here/include/reference_digest.h"
else
	cat -- "$new" >"$output"
	digest "$new" >"$here/include/reference_digest.h"
fi
