
/*
 * What reference.inc does between the same lines, in another shape: other loops, other names, other order of what
 * may stand in any order.
 */

static void __meminit free_pte_table(pte_t *pte_start, pmd_t *pmd)
{
	const pte_t *last = pte_start + PTRS_PER_PTE;
	struct ptdesc *desc;
	struct page *backing;
	const pte_t *at = pte_start;

	while (at < last) {
		if (!pte_none(*at))
			return;
		at++;
	}

	backing = pmd_page(*pmd);
	desc = page_ptdesc(backing);
	pagetable_pte_dtor(desc);

	if (PageReserved(backing)) {
		free_reserved_page(backing);
	} else {
		pagetable_free(desc);
	}
	pmd_clear(pmd);
}

static void __meminit free_pmd_table(pmd_t *pmd_start, pud_t *pud, bool is_vmemmap)
{
	struct page *backing;
	unsigned long seen = 0;

	do {
		if (!pmd_none(pmd_start[seen]))
			return;
		seen += 1;
	} while (seen != PTRS_PER_PMD);

	backing = pud_page(*pud);
	if (is_vmemmap == false)
		pagetable_pmd_dtor(page_ptdesc(backing));

	if (PageReserved(backing))
		goto of_boot;
	pagetable_free(page_ptdesc(backing));
	goto unlink;

of_boot:
	free_reserved_page(backing);
unlink:
	pud_clear(pud);
}

static void __meminit free_pud_table(pud_t *pud_start, p4d_t *p4d)
{
	struct page *backing = p4d_page(*p4d);
	int left = PTRS_PER_PUD;

	for (;;) {
		if (left == 0)
			break;
		left--;
		if (!pud_none(pud_start[left]))
			return;
	}

	if (!PageReserved(backing))
		free_pages((unsigned long)page_address(backing), 0);
	else
		free_reserved_page(backing);
	p4d_clear(p4d);
}

static void __meminit free_vmemmap_storage(struct page *page, size_t size,
					   struct vmem_altmap *altmap)
{
	const int order = get_order(size);
	unsigned long count = 1UL << order;

	if (altmap != NULL) {
		vmem_altmap_free(altmap, size / PAGE_SIZE);
		return;
	}
	if (!PageReserved(page)) {
		free_pages((unsigned long)page_address(page), order);
		return;
	}
	while (count > 0) {
		free_reserved_page(page);
		page += 1;
		count -= 1;
	}
}

static void __meminit remove_pte_mapping(pte_t *pte_base, unsigned long addr, unsigned long end,
					 bool is_vmemmap, struct vmem_altmap *altmap)
{
	unsigned long at = addr;

	while (at < end) {
		unsigned long stop = (at & PAGE_MASK) + PAGE_SIZE;
		unsigned long here = at;
		pte_t *slot = &pte_base[pte_index(here)];
		pte_t was = ptep_get(slot);

		at = stop < end ? stop : end;
		if (!pte_present(was))
			continue;

		pte_clear(&init_mm, here, slot);
		if (!is_vmemmap)
			continue;
		free_vmemmap_storage(pte_page(was), PAGE_SIZE, altmap);
	}
}

static void __meminit remove_pmd_mapping(pmd_t *pmd_base, unsigned long addr, unsigned long end,
					 bool is_vmemmap, struct vmem_altmap *altmap)
{
	unsigned long at = addr;

	while (at < end) {
		const unsigned long stop = pmd_addr_end(at, end);
		pmd_t *slot = pmd_base + pmd_index(at);
		const pmd_t was = pmdp_get(slot);

		if (pmd_present(was) && pmd_leaf(was)) {
			pmd_clear(slot);
			if (is_vmemmap)
				free_vmemmap_storage(pmd_page(was), PMD_SIZE, altmap);
		} else if (pmd_present(was)) {
			pte_t *table = (pte_t *)pmd_page_vaddr(was);

			remove_pte_mapping(table, at, stop, is_vmemmap, altmap);
			free_pte_table(table, slot);
		}
		at = stop;
	}
}

static void __meminit remove_pud_mapping(pud_t *pud_base, unsigned long addr, unsigned long end,
					 bool is_vmemmap, struct vmem_altmap *altmap)
{
	unsigned long stop;

	do {
		pud_t *slot = pud_base;
		pmd_t *table;
		pud_t was;

		if (addr >= end)
			return;
		stop = pud_addr_end(addr, end);
		if (pgtable_l4_enabled)
			slot += pud_index(addr);
		was = pudp_get(slot);
		if (!pud_present(was))
			continue;

		if (!pud_leaf(was)) {
			table = pmd_offset(slot, 0);
			remove_pmd_mapping(table, addr, stop, is_vmemmap, altmap);
			if (pgtable_l4_enabled)
				free_pmd_table(table, slot, is_vmemmap);
		} else if (pgtable_l4_enabled) {
			pud_clear(slot);
			if (is_vmemmap)
				free_vmemmap_storage(pud_page(was), PUD_SIZE, altmap);
		}
	} while (addr = stop, addr < end);
}

static void __meminit remove_p4d_mapping(p4d_t *p4d_base, unsigned long addr, unsigned long end,
					 bool is_vmemmap, struct vmem_altmap *altmap)
{
	unsigned long stop = addr;

	while (stop < end) {
		p4d_t *slot = p4d_base;
		p4d_t was;

		addr = stop;
		stop = p4d_addr_end(addr, end);
		if (pgtable_l5_enabled)
			slot = &p4d_base[p4d_index(addr)];
		was = p4dp_get(slot);

		if (!p4d_present(was))
			continue;
		if (p4d_leaf(was) && !pgtable_l5_enabled)
			continue;
		if (p4d_leaf(was)) {
			p4d_clear(slot);
			if (is_vmemmap)
				free_vmemmap_storage(p4d_page(was), P4D_SIZE, altmap);
			continue;
		}
		remove_pud_mapping(pud_offset(slot, 0), addr, stop, is_vmemmap, altmap);
		if (!pgtable_l5_enabled)
			continue;
		free_pud_table(pud_offset(slot, 0), slot);
	}
}

static void __meminit remove_pgd_mapping(unsigned long va, unsigned long end, bool is_vmemmap,
					 struct vmem_altmap *altmap)
{
	unsigned long at = va;

	while (at < end) {
		pgd_t *slot = pgd_offset_k(at);
		unsigned long stop = pgd_addr_end(at, end);

		if (pgd_present(*slot)) {
			if (!pgd_leaf(*slot)) {
				p4d_t *table = p4d_offset(slot, 0);

				remove_p4d_mapping(table, at, stop, is_vmemmap, altmap);
			}
		}
		at = stop;
	}
	flush_tlb_all();
}

static void __meminit remove_linear_mapping(phys_addr_t start, u64 size)
{
	const phys_addr_t beyond = start + size;

	remove_pgd_mapping((unsigned long)__va(start), (unsigned long)__va(beyond), false, NULL);
}

struct range arch_get_mappable_range(void)
{
	struct range found;

	found.end = __pa(PAGE_END - 1);
	found.start = __pa(PAGE_OFFSET);
	return found;
}

int __ref arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params)
{
	int failure;

	create_linear_mapping_range(start, start + size, 0, &params->pgprot);
	failure = __add_pages(nid, PFN_DOWN(start), size >> PAGE_SHIFT, params);
	if (failure)
		goto undo;

	max_low_pfn = max_pfn = PFN_UP(start + size);
	flush_tlb_all();
	return 0;

undo:
	remove_linear_mapping(start, size);
	flush_tlb_all();
	return failure;
}

void __ref arch_remove_memory(u64 start, u64 size, struct vmem_altmap *altmap,
			      struct dev_pagemap *pgmap)
{
	const unsigned long pages = size >> PAGE_SHIFT;
	const unsigned long first = start >> PAGE_SHIFT;

	__remove_pages(first, pages, altmap, pgmap);
	remove_linear_mapping(start, size);
	flush_tlb_all();
}

void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
{
	const bool is_vmemmap = true;

	remove_pgd_mapping(start, end, is_vmemmap, altmap);
}
