#ifndef EFFC_BASE_TRACE_H
#define EFFC_BASE_TRACE_H

#include "stats.h"
#include "str.h"

/*
 * Traces for the developer (--trace=plan,http,journal or EFFC_TRACE).  A trace
 * line has its subject, the elapsed milliseconds and the text, goes to standard
 * error, and never has a secret.  With the counters of stats.h, these are the
 * only mutable state outside a caller's hands.
 */
enum trace_subject { TRACE_PLAN, TRACE_HTTP, TRACE_JOURNAL, TRACE_OP, TRACE_SUBJECTS };

/* "plan,http" or "all"; false if a name is unknown. */
bool trace_enable(struct str names);
bool trace_on(enum trace_subject subject);
void trace(enum trace_subject subject, const char *format, ...) ATTR_PRINTF(2, 3);

#endif
