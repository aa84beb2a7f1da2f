/* SPDX-License-Identifier: GPL-2.0-only */
/* Customised: sets of CPUs, from the numbers in linux/cpu.h; the low CPUs are online. */
#ifndef STUB_LINUX_CPUMASK_H
#define STUB_LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/cpu.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

#define MHP_FIRST_CPUS(count) ((const struct cpumask *)&(const struct cpumask){ { BIT(count) - 1 } })
#define cpu_online_mask MHP_FIRST_CPUS(num_online_cpus())
#define cpu_active_mask MHP_FIRST_CPUS(num_online_cpus())
#define cpu_possible_mask MHP_FIRST_CPUS(nr_cpu_ids)
#define cpu_present_mask MHP_FIRST_CPUS(nr_cpu_ids)
#define num_active_cpus() cpumask_weight(cpu_active_mask)
#define num_possible_cpus() cpumask_weight(cpu_possible_mask)
#define num_present_cpus() cpumask_weight(cpu_present_mask)
#define cpumask_bits(mask) ((mask)->bits)
#define cpumask_of(cpu) ((const struct cpumask *)&(const struct cpumask){ { BIT(cpu) } })

static inline bool cpumask_test_cpu(int cpu, const struct cpumask *mask)
{
	return test_bit((unsigned long)cpu, mask->bits);
}

#define cpu_online(cpu) cpumask_test_cpu(cpu, cpu_online_mask)
#define cpu_active(cpu) cpumask_test_cpu(cpu, cpu_active_mask)
#define cpu_possible(cpu) cpumask_test_cpu(cpu, cpu_possible_mask)
#define cpu_present(cpu) cpumask_test_cpu(cpu, cpu_present_mask)

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	unsigned int weight = 0;

	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		weight += cpumask_test_cpu(cpu, mask);
	return weight;
}

static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return (unsigned int)find_first_bit(mask->bits, NR_CPUS);
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return cpumask_weight(mask) == 0;
}

static inline bool cpumask_equal(const struct cpumask *one, const struct cpumask *other)
{
	return one->bits[0] == other->bits[0];
}

#define for_each_cpu(cpu, mask)                                                \
	for ((cpu) = 0; (unsigned int)(cpu) < NR_CPUS; (cpu)++)                \
		if (cpumask_test_cpu(cpu, mask))
#define for_each_online_cpu(cpu) for_each_cpu(cpu, cpu_online_mask)
#define for_each_possible_cpu(cpu) for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu) for_each_cpu(cpu, cpu_present_mask)

#endif
