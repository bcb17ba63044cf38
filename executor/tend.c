#include "errand.h"
#include "schedule.h"

bool loop_tend(struct loop *loop, struct error *err)
{
	struct store *store = loop->session->store;

	errands_go(loop);
	loop->tend_at_ms = INT64_MAX;
	if (!store || !store->tend)
		return true;
	if (loop->lost.kind == ERROR_NONE &&
	    store->tend(store->context, &loop->tend_at_ms, &loop->lost))
		return true;
	return error_set(err, loop->lost.kind, "%s", loop->lost.text);
}

bool loop_may_change(struct loop *loop)
{
	struct store *store = loop->session->store;

	if (!store || !store->holds)
		return true;
	return loop->lost.kind == ERROR_NONE && store->holds(store->context, &loop->lost);
}

int64_t loop_patience(const struct loop *loop, int64_t wait_ms)
{
	int64_t errand_ms = errands_wake_ms(loop), left_ms = loop->tend_at_ms;

	if (errand_ms < left_ms)
		left_ms = errand_ms;
	if (left_ms != INT64_MAX)
		left_ms -= session_now_ms(loop->session);
	if (left_ms < 0)
		left_ms = 0;
	return wait_ms < left_ms ? wait_ms : left_ms;
}
