/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one thread. */
#ifndef STUB_LINUX_MMAP_LOCK_H
#define STUB_LINUX_MMAP_LOCK_H

#define mmap_read_lock(mm) ((void)(mm))
#define mmap_read_unlock(mm) ((void)(mm))
#define mmap_read_trylock(mm) ((void)(mm), 1)
#define mmap_write_lock(mm) ((void)(mm))
#define mmap_write_unlock(mm) ((void)(mm))
#define mmap_write_downgrade(mm) ((void)(mm))
#define mmap_assert_locked(mm) ((void)(mm))
#define mmap_assert_write_locked(mm) ((void)(mm))

#endif
