// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack for operations: as large as a riscv64 kernel's (THREAD_SIZE,
 * arch/riscv/include/asm/thread_info.h), between inaccessible pages.
 *
 * There is only one, because one thread at a time runs cases. After a long jump
 * off the stack, its contents do not matter.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <sys/mman.h>

#define MHP_STACK_BYTES (16UL << 10)
/* On both sides, so that a frame larger than the stack cannot reach a mapping below. */
#define MHP_STACK_FENCE (1UL << 20)

static char *stack_top;

#if defined(__x86_64__)
__asm__(".pushsection .text\n"
	".type switch_stack, @function\n"
	"switch_stack:\n"
	"	.cfi_startproc\n"
	"	push %rbp\n"
	"	.cfi_def_cfa_offset 16\n"
	"	.cfi_offset %rbp, -16\n"
	"	mov %rsp, %rbp\n"
	"	.cfi_def_cfa_register %rbp\n"
	"	mov %rdi, %rsp\n"
	"	mov %rdx, %rdi\n"
	"	call *%rsi\n"
	"	mov %rbp, %rsp\n"
	"	pop %rbp\n"
	"	.cfi_def_cfa %rsp, 8\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size switch_stack, . - switch_stack\n"
	".popsection\n");
#elif defined(__aarch64__)
__asm__(".pushsection .text\n"
	".type switch_stack, @function\n"
	"switch_stack:\n"
	"	stp x29, x30, [sp, #-16]!\n"
	"	mov x29, sp\n"
	"	mov sp, x0\n"
	"	mov x0, x2\n"
	"	blr x1\n"
	"	mov sp, x29\n"
	"	ldp x29, x30, [sp], #16\n"
	"	ret\n"
	".size switch_stack, . - switch_stack\n"
	".popsection\n");
#elif defined(__riscv)
__asm__(".pushsection .text\n"
	".type switch_stack, @function\n"
	"switch_stack:\n"
	"	addi sp, sp, -16\n"
	"	sd ra, 8(sp)\n"
	"	sd s0, 0(sp)\n"
	"	addi s0, sp, 16\n"
	"	mv sp, a0\n"
	"	mv a0, a2\n"
	"	jalr a1\n"
	"	addi sp, s0, -16\n"
	"	ld ra, 8(sp)\n"
	"	ld s0, 0(sp)\n"
	"	addi sp, sp, 16\n"
	"	ret\n"
	".size switch_stack, . - switch_stack\n"
	".popsection\n");
#else
#error "say how a function is called on another stack"
#endif

/* Calls body(context) with the stack pointer at top. */
void switch_stack(void *top, void (*body)(void *context), void *context);

#ifdef __SANITIZE_ADDRESS__
void __asan_unpoison_memory_region(const volatile void *start, size_t size);
void __sanitizer_start_switch_fiber(void **frames, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *frames, const void **bottom, size_t *size);

static struct {
	const void *bottom;
	size_t bytes;
	void *frames;
	char *deepest;
} home;

/* Notifies the sanitizer before the stack changes, and after. */
static void is_leaving_home(void)
{
	home.deepest = __builtin_frame_address(0);
	/* A long jump off this stack left its frames poisoned. */
	__asan_unpoison_memory_region(stack_top - MHP_STACK_BYTES, MHP_STACK_BYTES);
	__sanitizer_start_switch_fiber(&home.frames, stack_top - MHP_STACK_BYTES, MHP_STACK_BYTES);
}

static void has_left_home(void)
{
	__sanitizer_finish_switch_fiber(NULL, &home.bottom, &home.bytes);
}

static void is_going_home(void)
{
	__sanitizer_start_switch_fiber(NULL, home.bottom, home.bytes);
}

static void is_home(void)
{
	__sanitizer_finish_switch_fiber(home.frames, NULL, NULL);
}

/* The frames on this stack that the jump skipped are poisoned, too. */
static void has_jumped_home(void)
{
	is_going_home();
	is_home();
	__asan_unpoison_memory_region(home.deepest - 4096,
				      (size_t)((char *)__builtin_frame_address(0) -
					       (home.deepest - 4096)));
}
#else
static void is_leaving_home(void) { }
static void has_left_home(void) { }
static void is_going_home(void) { }
static void is_home(void) { }
static void has_jumped_home(void) { }
#endif

struct call {
	void (*body)(void *context);
	void *context;
};

static void call_here(void *context)
{
	const struct call *call = context;

	has_left_home();
	call->body(call->context);
	is_going_home();
}

bool mhp_stack_map(void)
{
	const size_t bytes = 2 * MHP_STACK_FENCE + MHP_STACK_BYTES;
	char *start;

	if (stack_top)
		return true;
	start = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (start == MAP_FAILED)
		return false;
	if (mprotect(start + MHP_STACK_FENCE, MHP_STACK_BYTES, PROT_READ | PROT_WRITE) != 0) {
		munmap(start, bytes);
		return false;
	}
	stack_top = start + MHP_STACK_FENCE + MHP_STACK_BYTES;
	return true;
}

bool mhp_stack_is_beside(mhp_u64 address)
{
	const mhp_u64 bottom = (mhp_u64)stack_top - MHP_STACK_BYTES;

	return address - (bottom - MHP_STACK_FENCE) < 2 * MHP_STACK_FENCE + MHP_STACK_BYTES;
}

void mhp_stack_call(void (*body)(void *context), void *context)
{
	struct call call = { body, context };

	is_leaving_home();
	switch_stack(stack_top, call_here, &call);
	is_home();
}

void mhp_stack_jumped_off(void)
{
	has_jumped_home();
}
