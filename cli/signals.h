#ifndef EFFC_CLI_SIGNALS_H
#define EFFC_CLI_SIGNALS_H

/*
 * Ctrl-C, SIGTERM and SIGHUP: the first asks the loop to start nothing new and to let
 * what is in flight end, the second to stop at once.  Each also wakes a poll.
 */
void signals_install(void);
/* 0, 1 or 2. */
const volatile int *signals_count(void);
/* Readable after a signal; -1 if there is none. */
int signals_fd(void);

#endif
