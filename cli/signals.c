#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/*
 * A handler has no argument of ours: these two are the program's only globals besides
 * the counters.
 */
static volatile sig_atomic_t count;
static volatile int seen;
static int wake[2] = { -1, -1 };

static void on_signal(int number)
{
	int saved = errno;

	(void)number;
	if (count < 2)
		count++;
	seen = count;
	if (wake[1] >= 0) {
		/* A full pipe is as good: it is readable. */
		ssize_t written = write(wake[1], "!", 1);

		(void)written;
	}
	errno = saved;
}

void signals_install(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, given;

	if (pipe(wake) == 0) {
		for (int i = 0; i < 2; i++) {
			fcntl(wake[i], F_SETFD, FD_CLOEXEC);
			fcntl(wake[i], F_SETFL, O_NONBLOCK);
		}
	}
	sigemptyset(&action.sa_mask);
	sigemptyset(&ignore.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* The terminal is gone, not the work; without it, what is written is lost and no error. */
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	/* A terminal that closes is an interrupt, unless nohup was asked for. */
	sigaction(SIGHUP, NULL, &given);
	if (given.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
}

const volatile int *signals_count(void)
{
	return &seen;
}

int signals_fd(void)
{
	return wake[0];
}
