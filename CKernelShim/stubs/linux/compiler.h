/* SPDX-License-Identifier: GPL-2.0-only */
/* Duplicated in meaning: attributes and hints that do not change behaviour. */
#ifndef STUB_LINUX_COMPILER_H
#define STUB_LINUX_COMPILER_H

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define barrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define unreachable() __builtin_unreachable()

#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define __noinline __attribute__((noinline))
#define __maybe_unused __attribute__((unused))
#define __always_unused __attribute__((unused))
#define __used __attribute__((used))
#define __must_check __attribute__((warn_unused_result))
#define __noreturn __attribute__((noreturn))
#define __packed __attribute__((packed))
#define __aligned(x) __attribute__((aligned(x)))
#define __pure __attribute__((pure))
#define __attribute_const__ __attribute__((const))
#define __weak __attribute__((weak))
#define __cold __attribute__((cold))
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define fallthrough __attribute__((fallthrough))
#define __section(name)
#define __visible
#define __user
#define __iomem
#define __force
#define __rcu
#define __percpu
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define asmlinkage
#define notrace
#define noinstr
#define noinline_for_stack noinline
#define __nocfi
#define __no_sanitize_memory
#define __no_sanitize_undefined
#define __flatten __attribute__((flatten))
#define __alias(symbol) __attribute__((alias(#symbol)))
#define __deprecated
#define __malloc
#define __hot __attribute__((hot))
#define nokprobe_inline inline
#define __kprobes
#define __sched
#define __cpuidle
#define __lockfunc
#define __latent_entropy
#define __no_kcsan
#define __no_kmsan_checks
#define __no_profile
#define __no_randomize_layout
#define __no_sanitize_coverage
#define __no_sanitize_or_inline inline
#define __no_stack_protector
#define __noscs
#define __noendbr
#define __nonstring
#define __signed_wrap
#define __private
#define __nocast
#define __bitwise
#define __counted_by(member)
#define __cacheline_aligned
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define __no_sanitize_address
#define __no_kasan_or_inline inline
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define data_race(expression) (expression)

#endif
