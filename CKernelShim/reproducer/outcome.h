/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of a reproducer share. */
#ifndef MHP_OUTCOME_H
#define MHP_OUTCOME_H

#include "../machine/machine.h"
#include "reproduce.h"

/* One line: an event in the kernel's words, or that there is none. */
void mhp_print_event(const char *who, const struct mhp_machine *machine,
		     const struct mhp_event *event);
/* One line: how a case ended. */
void mhp_print_ending(const char *who, const struct mhp_ending *ending);

/* Makes the calls that a rule is about and looks; says what breaks it. */
bool mhp_is_rule_kept(struct mhp_machine *machine, const struct mhp_case *one,
		      const struct mhp_subject *subject, const struct mhp_rule *rule);

#endif
