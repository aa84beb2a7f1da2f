#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#SBATCH --job-name=mhpcheck --array=1-8 --cpus-per-task=2 --requeue
# A run as a Slurm job array, one task a shard; the parts go into the folder "parts":
#   sbatch slurm.sh check init.c --depth deep
# Run it again for tasks that were killed: a task whose part is there has nothing to do.
set -eu
shards=8 # as many as the array has
part=parts/$SLURM_ARRAY_TASK_ID-of-$shards.json
mkdir -p parts
test ! -e "$part" || exit 0
exec mhpcheck "$@" --jobs "${SLURM_CPUS_PER_TASK:-1}" --quiet \
	--shard "$SLURM_ARRAY_TASK_ID/$shards" --part "$part"
