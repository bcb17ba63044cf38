#ifndef EFFC_TESTS_LOOPBACK_H
#define EFFC_TESTS_LOOPBACK_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"

/*
 * A small HTTP server on a free port of 127.0.0.1, a thread a connection, that
 * misbehaves by path:
 *
 *	/echo...	200, the request itself as the body
 *	/interim	100 before the 200
 *	/redirect	302 to /echo
 *	/large		200 with a megabyte
 *	/half		says 100 bytes, sends ten, closes
 *	/close		closes without a reply
 *	/hang		never answers
 *	/drop		the first request of a connection is echoed, the next one closes it
 *
 * Tests run in a process each, so it lives until the test ends.
 */
struct loopback {
	int fd;
	int port;
	atomic_int connections, requests;
	pthread_t thread;
};

struct loopback *loopback_start(struct arena *a);
/* A port of 127.0.0.1 that nobody listens on. */
int loopback_free_port(void);

#endif
