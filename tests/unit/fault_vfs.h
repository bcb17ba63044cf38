#ifndef EFFC_TESTS_FAULT_VFS_H
#define EFFC_TESTS_FAULT_VFS_H

#include <stdbool.h>

/*
 * An SQLite VFS named "fault" over the system's: the n-th write, sync, cut or
 * deletion from now on fails, and so does every later one if it sticks (a full
 * disk stays full).
 */
enum fault {
	FAULT_NONE,
	FAULT_FULL,
	FAULT_IO,
	FAULT_SHORT,			/* half of it is written, then it fails */
	FAULT_SYNC,			/* only syncs count and fail */
	FAULT_KILL,			/* the process is killed instead of writing */
	FAULTS
};

void fault_vfs_install(void);
/* n from 1; 0 never fails, and counts. */
void fault_set(enum fault fault, unsigned n, bool sticks);
/* Operations seen since fault_set. */
unsigned fault_seen(void);
/* For tests that are not about crashes of the machine, and have thousands of commits. */
void fault_skip_syncs(void);

#endif
