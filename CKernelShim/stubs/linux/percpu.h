/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: a variable has one copy, that of the CPU which runs the code. */
#ifndef STUB_LINUX_PERCPU_H
#define STUB_LINUX_PERCPU_H

#include <linux/compiler.h>
#include <linux/cpu.h>

#define DEFINE_PER_CPU(type, name) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) extern __typeof__(type) name

#define per_cpu_ptr(pointer, cpu) ((void)(cpu), (pointer))
#define per_cpu(variable, cpu) (*per_cpu_ptr(&(variable), cpu))
#define raw_cpu_ptr(pointer) per_cpu_ptr(pointer, 0)
#define this_cpu_ptr(pointer) raw_cpu_ptr(pointer)
#define this_cpu_read(variable) (variable)
#define this_cpu_write(variable, value) ((void)((variable) = (value)))
#define this_cpu_add(variable, value) ((void)((variable) += (value)))
#define this_cpu_sub(variable, value) this_cpu_add(variable, -(__typeof__(variable))(value))
#define this_cpu_inc(variable) this_cpu_add(variable, 1)
#define this_cpu_dec(variable) this_cpu_sub(variable, 1)
#define __this_cpu_inc(variable) this_cpu_inc(variable)
#define __this_cpu_dec(variable) this_cpu_dec(variable)

#endif
