/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between the machine (host side) and a subject (kernel side):
 * plain layouts, no includes. Swift mirrors them in Sources/Machine; both sides
 * pin them.
 */
#ifndef MHP_ABI_H
#define MHP_ABI_H

typedef __UINT8_TYPE__ mhp_u8;
typedef __UINT16_TYPE__ mhp_u16;
typedef __UINT32_TYPE__ mhp_u32;
typedef __INT32_TYPE__ mhp_s32;
typedef unsigned long long mhp_u64; /* Swift sees UInt64 */

#define MHP_ABI_VERSION 6

#define MHP_PAGE_SHIFT 12
/* The host address of the pool of table pages; its physical address follows. */
#define MHP_POOL_BASE 0x200000000000ULL
/* A table page and the inaccessible pages after it. */
#define MHP_POOL_STRIDE_PAGES 4
#define MHP_POOL_CAPACITY 40960
/*
 * Tables below this number have inaccessible pages behind them, and only these
 * are ever allocated. The tables from this number on, for images of many
 * gibibytes, lie in one readable block, because their own guards would take
 * more mappings than a process may have (vm.max_map_count).
 */
#define MHP_POOL_GUARDED 4096
#define MHP_POOL_STRIDE ((mhp_u64)MHP_POOL_STRIDE_PAGES << MHP_PAGE_SHIFT)
#define MHP_POOL_BYTES (MHP_POOL_STRIDE * MHP_POOL_CAPACITY)
/* The fill word of free and fresh table pages; it reads as a present leaf. */
#define MHP_PAGE_POISON 0x6b6b6b6b6b6b6b6bULL
/*
 * Blocks of pages that are no tables: the memory behind the memmap. Nobody
 * touches them, so they need no memory here. They are PFNs in the linear map,
 * this many pages behind the start of RAM, handed out in turn and aligned to
 * their size.
 */
#define MHP_BLOCKS_FIRST_PAGE 0x1800000ULL
#define MHP_BLOCKS_PAGES 0x400000ULL
/* Bytes of the kernel image, from its link address on, and of the text at its beginning. */
#define MHP_KERNEL_IMAGE_SIZE 0x2000000ULL
#define MHP_KERNEL_TEXT_SIZE 0xc00000ULL
#define MHP_MAX_ALTMAPS 8
#define MHP_MAX_PGMAPS 4
/* log2 of the maximum pages of a compound: 1 GiB, the largest that a device can ask for. */
#define MHP_MAX_VMEMMAP_SHIFT 18
/* The maximum number of present sections: 2 TiB of memory. */
#define MHP_MAX_SECTIONS 16384
#define MHP_ANY_LEVEL 255
/* NUMA_NO_NODE */
#define MHP_NO_NODE (-1)
/* The maximum number of marks in an instrumented subject: see mhp/coverage.h. */
#define MHP_MAX_MARKS 65536

enum mhp_level { MHP_PTE, MHP_PMD, MHP_PUD, MHP_P4D, MHP_PGD };

enum mhp_owner { MHP_ALLOCATOR, MHP_RESERVED, MHP_ALTMAP };

enum mhp_function {
	MHP_FREE_PTE_TABLE,
	MHP_FREE_PMD_TABLE,
	MHP_FREE_PUD_TABLE,
	MHP_FREE_VMEMMAP_STORAGE,
	MHP_REMOVE_PTE_MAPPING,
	MHP_REMOVE_PMD_MAPPING,
	MHP_REMOVE_PUD_MAPPING,
	MHP_REMOVE_P4D_MAPPING,
	MHP_REMOVE_PGD_MAPPING,
	MHP_REMOVE_LINEAR_MAPPING,
	MHP_ARCH_GET_MAPPABLE_RANGE,
	MHP_ARCH_ADD_MEMORY,
	MHP_ARCH_REMOVE_MEMORY,
	MHP_VMEMMAP_FREE,
	MHP_BEST_MAP_SIZE,
	MHP_CREATE_PTE_MAPPING,
	MHP_CREATE_PMD_MAPPING,
	MHP_CREATE_PUD_MAPPING,
	MHP_CREATE_P4D_MAPPING,
	MHP_CREATE_PGD_MAPPING,
	MHP_CREATE_LINEAR_MAPPING_RANGE,
	MHP_PGPROT_FROM_VA,
	MHP_ALLOC_PTE_LATE,
	MHP_ALLOC_PMD_LATE,
	MHP_ALLOC_PUD_LATE,
	MHP_ALLOC_P4D_LATE,
	MHP_GET_PTE_VIRT_LATE,
	MHP_GET_PMD_VIRT_LATE,
	MHP_GET_PUD_VIRT_LATE,
	MHP_GET_P4D_VIRT_LATE,
	MHP_PREALLOCATE_PGD_PAGES_RANGE,
	MHP_PGTABLE_CACHE_INIT,
	MHP_VMEMMAP_SET_PMD,
	MHP_VMEMMAP_CHECK_PMD,
	MHP_VMEMMAP_POPULATE,
	MHP_VMEMMAP_POPULATE_HUGEPAGES,
	MHP_FUNCTIONS
};

/* EventKind in Sources/Machine/Event.swift. */
enum mhp_event_kind {
	MHP_EVENT_CLEAR = 1,
	MHP_EVENT_ALLOCATE,
	MHP_EVENT_CONSTRUCT,
	MHP_EVENT_DESTRUCT,
	MHP_EVENT_FREE,
	MHP_EVENT_FREE_RESERVED,
	MHP_EVENT_ALTMAP_FREE,
	MHP_EVENT_FLUSH,
	MHP_EVENT_ADD_PAGES,
	MHP_EVENT_REMOVE_PAGES,
	MHP_EVENT_WARN,
	MHP_EVENT_RETURNED,
	MHP_EVENT_GET_PAGE,
	MHP_EVENT_PUT_PAGE,
};

enum mhp_flush { MHP_FLUSH_ALL, MHP_FLUSH_LOCAL_ALL, MHP_FLUSH_RANGE };

/*
 * Each word has a name for what it is in the kinds of events that use it; words
 * that a kind does not use are 0. Events of both sides compare as memory.
 */
struct mhp_event {
	mhp_u32 kind;
	union {
		mhp_u32 detail;
		mhp_u32 asked_node; /* ALLOCATE: the requested node plus 1; 0 is any */
		mhp_u32 level; /* CONSTRUCT, DESTRUCT */
		mhp_u32 is_linked; /* FREE, FREE_RESERVED: an entry points to the page */
		mhp_u32 scope; /* FLUSH: enum mhp_flush */
		mhp_s32 node; /* ADD_PAGES */
	};
	union {
		mhp_u64 a;
		mhp_u64 table; /* CLEAR */
		mhp_u64 pfn; /* all kinds about pages: the first one */
		mhp_u64 altmap; /* ALTMAP_FREE: its number, 0 if unknown */
		mhp_u64 start; /* FLUSH of a range */
		mhp_u64 operation; /* RETURNED: its index */
	};
	union {
		mhp_u64 b;
		mhp_u64 slot; /* CLEAR: the first one */
		mhp_u64 order; /* ALLOCATE, FREE, PUT_PAGE */
		mhp_u64 pages; /* ALTMAP_FREE, ADD_PAGES, REMOVE_PAGES */
		mhp_u64 end; /* FLUSH of a range */
		mhp_u64 result; /* RETURNED; of a range, its first address */
	};
	union {
		mhp_u64 c;
		mhp_u64 count; /* CLEAR, FREE_RESERVED, GET_PAGE: as many in a row */
		mhp_u64 alloc; /* ALTMAP_FREE: pages that remain allocated */
		mhp_u64 protection; /* ADD_PAGES */
		mhp_u64 references; /* PUT_PAGE: those that remain */
		mhp_u64 last; /* RETURNED of a range: its last address */
	};
	union {
		mhp_u64 d;
		mhp_u64 owners; /* ADD_PAGES, REMOVE_PAGES: altmap | pgmap << 32 */
	};
};

/* One call of a function of the surface: see Operation.swift. */
struct mhp_operation {
	mhp_u32 function;
	mhp_u32 is_vmemmap;
	mhp_s32 node;
	mhp_u32 altmap;
	mhp_u32 pgmap;
	mhp_u32 table;
	mhp_u32 parent_table;
	mhp_u32 parent_slot;
	mhp_u64 start;
	mhp_u64 end;
	mhp_u64 protection;
	mhp_u64 physical;
	mhp_u64 block_size;
};

enum mhp_ending_kind {
	MHP_FINISHED,
	MHP_OVERRUN,
	MHP_WILD_ACCESS,
	MHP_BUG,
	MHP_PANIC,
	MHP_HANG,
	MHP_TRAP,
	MHP_ARITHMETIC,
	MHP_STACK_OVERFLOW,
	MHP_TRACE_OVERFLOW,
	MHP_WORKER_DIED,
	MHP_STRUCT_PAGE_ACCESS,
	/* a system call that is forbidden to a confined worker: address is its number */
	MHP_FORBIDDEN_CALL,
	/*
	 * 13 is reserved for the comparison of runs; 14 is an access to a
	 * table's page after its free
	 */
	MHP_FREED_ACCESS = 14,
};

struct mhp_ending {
	mhp_u32 kind;
	mhp_u32 operation;
	mhp_u32 table;
	mhp_u32 slot;
	mhp_u64 address;
};

/* The kernel's struct vmem_altmap; subjects see it under that name. */
struct mhp_altmap {
	mhp_u64 base_pfn;
	mhp_u64 end_pfn;
	mhp_u64 reserve;
	mhp_u64 free;
	mhp_u64 align;
	mhp_u64 alloc;
};

/* A memory section with present sub-sections, with a live core. */
struct mhp_section {
	mhp_u64 number;
	/* bit n: sub-section n (2 MiB) is present; never 0 */
	mhp_u64 subsections;
	/* exists since boot (SECTION_IS_EARLY): its memmap is complete, whatever is present */
	mhp_u32 is_early;
	mhp_u32 padding;
};

/* The action for the memmap when a part of a section is added; an error is a negative errno. */
enum mhp_section_added { MHP_MEMMAP_POPULATE, MHP_MEMMAP_IS_THERE };

/* The action for the memmap when a part of a section is removed. */
enum mhp_section_removed {
	/* the part was not present, and nothing changed */
	MHP_SECTION_NOT_THERE,
	/* the part's memmap is unmapped with the altmap of the removal */
	MHP_MEMMAP_FREE,
	/* the memmap stays, because other parts of a boot-time section are present */
	MHP_MEMMAP_KEEP,
	/*
	 * the memmap of the whole section belongs to boot memory and is
	 * unmapped without an altmap
	 */
	MHP_MEMMAP_FREE_BOOT,
};

/*
 * Spellings that normalise to the same event. A subject's spellings are
 * recorded, so that the report can name the rule of equivalence.
 */
enum mhp_spelling {
	/* a constructor or destructor with a name other than pagetable_{pte,pmd}_{c,d}tor */
	MHP_SPELLING_TABLE_CONSTRUCTOR = 1 << 0,
	/* __free_pages, __free_page or free_page in place of free_pages */
	MHP_SPELLING_PAGE_FREE = 1 << 1,
	/* __remove_pages or arch_remove_memory without a pgmap */
	MHP_SPELLING_NO_PGMAP = 1 << 2,
	/* pr_*, printk */
	MHP_SPELLING_PRINT = 1 << 3,
	/* a WARN whose condition did not hold */
	MHP_SPELLING_QUIET_WARN = 1 << 4,
	/* the pages of a reserved block, from the last one down */
	MHP_SPELLING_RELEASED_DOWN = 1 << 5,
};

/* The addresses of a paging mode: see AddressLayout.swift. */
struct mhp_layout {
	mhp_u64 index_bits;
	mhp_u64 levels;
	mhp_u64 page_offset;
	mhp_u64 ram_base;
	mhp_u64 linear_offset;
	mhp_u64 kern_virt_size;
	mhp_u64 vmalloc_start;
	mhp_u64 vmemmap_start;
	mhp_u64 vmemmap_start_pfn;
	mhp_u64 page_end;
	mhp_u64 kernel_image_offset;
	/* the size of the linear map's window: kern_virt_size of the real index width */
	mhp_u64 linear_size;
};

/*
 * The running machine as a subject sees it. The stub headers turn kernel names
 * into accesses to it (max_pfn, swapper_pg_dir, pgtable_l4_enabled, ...).
 */
struct mhp_machine {
	struct mhp_layout layout;
	mhp_u8 l4_enabled;
	mhp_u8 l5_enabled;
	mhp_u8 debug_pagealloc;
	/* __add_pages and __remove_pages do the work of the core: mhp/sections.h */
	mhp_u8 live_core;
	mhp_u32 spellings; /* enum mhp_spelling, those met in this case */
	mhp_u64 *root; /* the first entry of table 0 */
	mhp_u64 max_pfn;
	mhp_u64 max_low_pfn;
	struct mhp_altmap altmaps[MHP_MAX_ALTMAPS];

	struct mhp_event *events;
	mhp_u64 event_count;
	mhp_u64 event_capacity;

	/* The services of the kernel core; pages are PFNs, blocks have orders. */
	void (*clear)(struct mhp_machine *, mhp_u64 *entry);
	/* node: the requested one; MHP_NO_NODE is any */
	void *(*allocate)(struct mhp_machine *, mhp_u32 order, mhp_s32 node);
	void (*construct)(struct mhp_machine *, mhp_u64 pfn, mhp_u32 level);
	void (*destruct)(struct mhp_machine *, mhp_u64 pfn, mhp_u32 level);
	void (*free)(struct mhp_machine *, mhp_u64 pfn, mhp_u32 order);
	void (*free_reserved)(struct mhp_machine *, mhp_u64 pfn);
	mhp_u32 (*is_reserved)(struct mhp_machine *, mhp_u64 pfn);
	void (*altmap_free)(struct mhp_machine *, void *altmap, mhp_u64 pages);
	void (*flush)(struct mhp_machine *, mhp_u32 scope, mhp_u64 start, mhp_u64 end);
	/* altmap and pgmap: pointers that the subject passed on; the stub reads the params */
	mhp_s32 (*add_pages)(struct mhp_machine *, mhp_s32 node, mhp_u64 pfn, mhp_u64 pages,
			     mhp_u64 protection, void *altmap, void *pgmap);
	void (*remove_pages)(struct mhp_machine *, mhp_u64 pfn, mhp_u64 pages, void *altmap,
			     void *pgmap);
	void (*warn)(struct mhp_machine *);
	void (*bug)(struct mhp_machine *) __attribute__((noreturn));
	void (*panic)(struct mhp_machine *) __attribute__((noreturn));
	/* the pointer for pgmap number n; NULL for 0 */
	void *(*pgmap)(struct mhp_machine *, mhp_u32 number);
	/* an operation returned; the values are those of MHP_EVENT_RETURNED */
	void (*returned)(struct mhp_machine *, mhp_u64 first, mhp_u64 second);
	/* adds a part of one section: enum mhp_section_added, or a negative errno */
	mhp_s32 (*add_section)(struct mhp_machine *, mhp_u64 pfn, mhp_u64 pages);
	/* removes a part of one section: enum mhp_section_removed */
	mhp_u32 (*remove_section)(struct mhp_machine *, mhp_u64 pfn, mhp_u64 pages);
	/* adds a reference to a page; each free drops one, and the last one frees the page */
	void (*get_page)(struct mhp_machine *, mhp_u64 pfn);
	/*
	 * the vmemmap_shift of a pgmap; 0 for NULL and for a pgmap that the
	 * machine does not have
	 */
	mhp_u32 (*vmemmap_shift)(struct mhp_machine *, const void *pgmap);
	/* the page is no longer reserved; nothing else happens to it */
	void (*clear_reserved)(struct mhp_machine *, mhp_u64 pfn);

	/* one CPU, before SYSTEM_RUNNING; else several CPUs: linux/cpu.h */
	mhp_u32 uniprocessor;
};

/* The export of a compiled subject, under the name mhp_subject. */
struct mhp_subject {
	mhp_u32 abi_version;
	mhp_u32 index_bits;
	/* bit n: the subject contains enum mhp_function n */
	mhp_u64 present;
	void (*bind)(struct mhp_machine *);
	void (*call)(const struct mhp_operation *);
	/* the reached code, one byte per mark; NULL and 0 in a subject without marks */
	volatile mhp_u8 *marks;
	mhp_u64 mark_count;
};

#endif
