#include "remote.h"

struct waiting {
	struct remote_call call;
	struct arena *arena;
	struct reply *out;
	bool busy;
};

static void answered(struct remote_call *c, const struct reply *reply)
{
	struct waiting *w = c->context;

	*w->out = (struct reply){
		.class = reply->class, .status = reply->status,
		.body = value_copy(w->arena, &reply->body),
		.code = str_copy(w->arena, reply->code),
		.error_name = str_copy(w->arena, reply->error_name),
		.message = str_copy(w->arena, reply->message),
		.request_id = str_copy(w->arena, reply->request_id),
	};
	w->busy = false;
}

bool remote_exchange(const struct remote *remote, struct arena *a, const struct call *call,
		     struct reply *out, int64_t *sent_ms, struct error *err)
{
	struct waiting w = {
		.call = { .call = *call, .done = answered }, .arena = a, .out = out, .busy = true,
	};

	w.call.context = &w;
	remote->send(remote->context, &w.call);
	if (!remote->wait(remote->context, &w.busy, err)) {
		remote->cancel(remote->context, &w.call);
		return false;
	}
	if (sent_ms)
		*sent_ms = w.call.first_sent_ms;
	return true;
}
