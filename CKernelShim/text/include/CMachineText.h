/* SPDX-License-Identifier: GPL-2.0-only */
/* Empty: the module CMachineText carries C sources as text, for `mhpcheck replay --format c`. */
#ifndef CMACHINETEXT_H
#define CMACHINETEXT_H

#endif
