#include "pages.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif

static void *map(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

static void *take(_Atomic(void *) *blocks, size_t count)
{
	void *block = NULL;

	for (size_t i = 0; i < count && !block; i++) {
		if (atomic_load_explicit(&blocks[i], memory_order_relaxed))
			block = atomic_exchange(&blocks[i], NULL);
	}
	return block;
}

static bool keep(_Atomic(void *) *blocks, size_t count, void *block)
{
	for (size_t i = 0; i < count; i++) {
		void *none = NULL;

		if (atomic_compare_exchange_strong(&blocks[i], &none, block))
			return true;
	}
	return false;
}

/* Blocks of the usual size that are there before they are asked for. */
#define AHEAD 2

static _Atomic(void *) ready[AHEAD];
static sem_t wanted;			/* how many of them are missing */

static void *fetch_ahead(void *unused)
{
	(void)unused;
	for (;;) {
		void *block;

		while (sem_wait(&wanted) != 0) {
			if (errno != EINTR)
				return NULL;
		}
		block = map(PAGES_USUAL);
		if (block && !keep(ready, AHEAD, block))
			munmap(block, PAGES_USUAL);
	}
}

/* It takes no signals, which are for the program's own thread. */
static void start(void)
{
	sigset_t all, before;
	pthread_attr_t attributes;
	pthread_t thread;

	if (sem_init(&wanted, 0, AHEAD) != 0 || pthread_attr_init(&attributes) != 0)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	/* Without it, each block is fetched when it is asked for. */
	(void)pthread_create(&thread, &attributes, fetch_ahead, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
}

/* Blocks that were given back: to clear one takes a tenth of what a new one does. */
#define SPARE 16

static _Atomic(void *) spare[SPARE];

static void *take_ready(void)
{
	void *block = take(spare, SPARE);

	if (block)
		return memset(block, 0, PAGES_USUAL);
	block = take(ready, AHEAD);
	if (block)
		sem_post(&wanted);
	return block;
}

void *pages_get(size_t size)
{
	static atomic_flag started = ATOMIC_FLAG_INIT;
	void *block;

	if (size != PAGES_USUAL)
		return map(size);
	if (!atomic_flag_test_and_set(&started))
		start();
	block = take_ready();
	return block ? block : map(size);
}

void pages_free(void *pages, size_t size)
{
	if (size != PAGES_USUAL || !keep(spare, SPARE, pages))
		munmap(pages, size);
}
