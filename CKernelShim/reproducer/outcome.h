/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared declarations of a reproducer's files. */
#ifndef MHP_OUTCOME_H
#define MHP_OUTCOME_H

#include "../machine/machine.h"
#include "reproduce.h"

/* Prints one line: an event in the kernel's terms, or that there is none. */
void mhp_print_event(const char *who, const struct mhp_machine *machine,
		     const struct mhp_event *event);
/* Prints one line: the ending of a case. */
void mhp_print_ending(const char *who, const struct mhp_ending *ending);

/* Makes the calls of a rule and checks the state; prints the failure if the rule is broken. */
bool mhp_is_rule_kept(struct mhp_machine *machine, const struct mhp_case *one,
		      const struct mhp_subject *subject, const struct mhp_rule *rule);

#endif
