#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Writes the embedded reference: what the patches of patches/series add to
# arch/riscv/mm/init.c, with the glue that mhp/dispatch.h expects behind each
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
patches=$here/../../patches
output=$here/reference.inc

names=$(sed '/^#/d; /^$/d' "$patches/series")

# Only added lines make the text: a patch of the series that takes some away
# would need the file itself.
for name in $names; do
	if sed '1,/^diff /d' "$patches/$name" | grep -v '^-- $' | grep -q '^-[^-]'; then
		echo "generate.sh: $name removes lines" >&2
		exit 1
	fi
done

write() {
	for name in $names; do
		awk '/^diff /{ body = 1 } body && /^\+/ && !/^\+\+\+ /' "$patches/$name"
	done | sed 's/^+//' | awk -v script=generate.sh '
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
			print "/* SPDX-License-Identifier: GPL-2.0-only */"
			print "/* Made from patches/ by " script "; do not edit. */"
		}
		{ print }
		# A definition begins in column 1 and its body with a brace of its own.
		/^[a-z].*\(/ {
			name = $0
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

new=$(mktemp)
trap 'rm -f -- "$new"' EXIT
write >"$new"
if [ "${1-}" = --check ]; then
	cmp -- "$new" "$output"
	digest "$new" | cmp - "$here/include/reference_digest.h"
else
	cat -- "$new" >"$output"
	digest "$new" >"$here/include/reference_digest.h"
fi
