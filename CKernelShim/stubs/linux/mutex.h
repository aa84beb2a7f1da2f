/* SPDX-License-Identifier: GPL-2.0-only */
/* Stubbed out: one thread. */
#ifndef STUB_LINUX_MUTEX_H
#define STUB_LINUX_MUTEX_H

struct mutex {
	int held;
};

struct rw_semaphore {
	int held;
};

#define DEFINE_MUTEX(name) struct mutex name = { 0 }
#define DECLARE_RWSEM(name) struct rw_semaphore name = { 0 }
#define mutex_init(lock) ((void)(lock))
#define mutex_lock(lock) ((void)(lock))
#define mutex_unlock(lock) ((void)(lock))
#define mutex_trylock(lock) ((void)(lock), 1)
#define down_read(lock) ((void)(lock))
#define up_read(lock) ((void)(lock))
#define down_write(lock) ((void)(lock))
#define up_write(lock) ((void)(lock))

#endif
