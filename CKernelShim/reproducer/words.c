// SPDX-License-Identifier: GPL-2.0-only
/* Events and endings as lines of text. */
#include "outcome.h"

#include <stdio.h>

static void print_page(const struct mhp_machine *machine, mhp_u64 pfn)
{
	const struct mhp_host *host = (const struct mhp_host *)machine;
	mhp_u64 table = mhp_pool_table_of_pfn(&host->pool, pfn);

	if (table == MHP_NO_TABLE)
		printf("pfn %#llx", pfn);
	else
		printf("the page of table %llu", table);
}

void mhp_print_event(const char *who, const struct mhp_machine *machine,
		     const struct mhp_event *event)
{
	static const char *const flushes[] = {
		"flush_tlb_all", "local_flush_tlb_all", "flush_tlb_kernel_range"
	};

	printf("%s", who);
	switch (event ? event->kind : 0) {
	case MHP_EVENT_CLEAR:
		printf("clears %llu slots of table %llu from slot %llu on", event->count,
		       event->table, event->slot);
		break;
	case MHP_EVENT_ALLOCATE:
		printf("allocates ");
		print_page(machine, event->pfn);
		if (event->asked_node)
			printf(" on node %d", (int)event->asked_node + MHP_NO_NODE);
		break;
	case MHP_EVENT_CONSTRUCT:
	case MHP_EVENT_DESTRUCT:
		printf("runs the %s of ",
		       event->kind == MHP_EVENT_CONSTRUCT ? "constructor" : "destructor");
		print_page(machine, event->pfn);
		break;
	case MHP_EVENT_FREE:
		printf("frees ");
		print_page(machine, event->pfn);
		printf(", order %llu%s", event->order, event->is_linked ? ", while linked" : "");
		break;
	case MHP_EVENT_FREE_RESERVED:
		printf("free_reserved_page of ");
		print_page(machine, event->pfn);
		printf(", %llu pages%s", event->count, event->is_linked ? ", while linked" : "");
		break;
	case MHP_EVENT_ALTMAP_FREE:
		printf("vmem_altmap_free of altmap %llu, %llu pages, alloc %llu",
		       event->altmap, event->pages, event->alloc);
		break;
	case MHP_EVENT_FLUSH:
		printf("%s", event->scope < 3 ? flushes[event->scope] : "a flush");
		if (event->scope == MHP_FLUSH_RANGE)
			printf(" %#llx..%#llx", event->start, event->end);
		break;
	case MHP_EVENT_ADD_PAGES:
	case MHP_EVENT_REMOVE_PAGES:
		printf("%s pfn %#llx, %llu pages",
		       event->kind == MHP_EVENT_ADD_PAGES ? "__add_pages" : "__remove_pages",
		       event->pfn, event->pages);
		break;
	case MHP_EVENT_WARN:
		printf("WARN");
		break;
	case MHP_EVENT_RETURNED:
		printf("returns %lld (%#llx) from call %llu", (long long)event->result,
		       event->result, event->operation + 1);
		break;
	case MHP_EVENT_GET_PAGE:
		printf("takes %llu references to ", event->count);
		print_page(machine, event->pfn);
		break;
	case MHP_EVENT_PUT_PAGE:
		printf("frees ");
		print_page(machine, event->pfn);
		printf(", order %llu, with %llu references remaining", event->order,
		       event->references);
		break;
	default:
		printf("nothing more");
	}
	printf("\n");
}

void mhp_print_ending(const char *who, const struct mhp_ending *ending)
{
	static const char *const endings[] = {
		[MHP_FINISHED] = "returns",
		[MHP_OVERRUN] = "walks beyond a table",
		[MHP_WILD_ACCESS] = "accesses memory outside the tables",
		[MHP_BUG] = "hits BUG",
		[MHP_PANIC] = "panics",
		[MHP_HANG] = "does not return (hang)",
		[MHP_TRAP] = "executes undefined behaviour or an illegal instruction",
		[MHP_ARITHMETIC] = "divides by zero",
		[MHP_STACK_OVERFLOW] = "runs out of stack",
		[MHP_TRACE_OVERFLOW] = "overflows the trace",
		[MHP_STRUCT_PAGE_ACCESS] = "dereferences a struct page, which is opaque here",
		[MHP_FREED_ACCESS] = "accesses a table after its free",
	};
	const char *what = ending->kind < sizeof(endings) / sizeof(endings[0]) ?
				   endings[ending->kind] : NULL;

	printf("%s%s", who, what ? what : "ends in an unknown way");
	if (ending->kind == MHP_OVERRUN || ending->kind == MHP_FREED_ACCESS)
		printf(" (slot %u of table %u)", ending->slot, ending->table);
	else if (ending->kind == MHP_WILD_ACCESS || ending->kind == MHP_STRUCT_PAGE_ACCESS)
		printf(" (at %#llx)", ending->address);
	printf("\n");
}
