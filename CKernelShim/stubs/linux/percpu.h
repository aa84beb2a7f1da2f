/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one CPU. */
#ifndef STUB_LINUX_PERCPU_H
#define STUB_LINUX_PERCPU_H

#include <linux/compiler.h>

#define DEFINE_PER_CPU(type, name) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name

#define smp_processor_id() 0
#define raw_smp_processor_id() 0
#define get_cpu() 0
#define put_cpu() ((void)0)
#define per_cpu(variable, cpu) (*((void)(cpu), &(variable)))
#define per_cpu_ptr(pointer, cpu) ((void)(cpu), (pointer))
#define this_cpu_ptr(pointer) (pointer)
#define raw_cpu_ptr(pointer) (pointer)
#define this_cpu_read(variable) (variable)
#define this_cpu_write(variable, value) ((void)((variable) = (value)))
#define this_cpu_add(variable, value) ((void)((variable) += (value)))
#define this_cpu_sub(variable, value) ((void)((variable) -= (value)))
#define this_cpu_inc(variable) this_cpu_add(variable, 1)
#define this_cpu_dec(variable) this_cpu_sub(variable, 1)
#define __this_cpu_inc(variable) this_cpu_inc(variable)
#define __this_cpu_dec(variable) this_cpu_dec(variable)

#endif
