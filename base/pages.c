#include "pages.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
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

/* Blocks of the usual size that are there before they are asked for. */
#define AHEAD 2

static _Atomic(void *) ready[AHEAD];
static sem_t wanted;			/* how many of them are missing */

static void *fetch_ahead(void *unused)
{
	(void)unused;
	for (;;) {
		void *block, *none;

		while (sem_wait(&wanted) != 0) {
			if (errno != EINTR)
				return NULL;
		}
		block = map(PAGES_USUAL);
		for (size_t i = 0; block && i < AHEAD; i++) {
			none = NULL;
			if (atomic_compare_exchange_strong(&ready[i], &none, block))
				block = NULL;
		}
		if (block)
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

static void *take_ready(void)
{
	for (size_t i = 0; i < AHEAD; i++) {
		void *block = atomic_exchange(&ready[i], NULL);

		if (block) {
			sem_post(&wanted);
			return block;
		}
	}
	return NULL;
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
	munmap(pages, size);
}
