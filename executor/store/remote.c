#include "remote.h"

struct waiting {
	struct arena *arena;
	size_t left;
	bool busy;
};

struct one {
	struct remote_call call;
	struct waiting *all;
	struct reply *out;
};

static void answered(struct remote_call *c, const struct reply *reply)
{
	struct one *one = c->context;
	struct arena *a = one->all->arena;

	*one->out = (struct reply){
		.class = reply->class,
		.status = reply->status,
		.body = value_copy(a, &reply->body),
		.code = str_copy(a, reply->code),
		.error_name = str_copy(a, reply->error_name),
		.message = str_copy(a, reply->message),
		.request_id = str_copy(a, reply->request_id),
	};
	one->all->busy = --one->all->left > 0;
}

static bool exchange(const struct remote *remote, struct arena *a, const struct call *calls,
		     size_t count, struct reply *replies, int64_t *sent_ms, struct error *err)
{
	struct waiting all = { .arena = a, .left = count, .busy = count > 0 };
	struct arena scratch;
	struct one *ones;
	bool good;

	arena_init(&scratch);
	ones = arena_array(&scratch, struct one, count);
	for (size_t i = 0; i < count; i++) {
		ones[i] = (struct one){
			.call = { .call = calls[i], .context = &ones[i], .done = answered },
			.all = &all,
			.out = &replies[i],
		};
		remote->send(remote->context, &ones[i].call);
	}
	good = remote->wait(remote->context, &all.busy, err);
	for (size_t i = 0; i < count && !good; i++)
		remote->cancel(remote->context, &ones[i].call);
	if (good && sent_ms)
		*sent_ms = ones[0].call.first_sent_ms;
	arena_release(&scratch);
	return good;
}

bool remote_exchange(const struct remote *remote, struct arena *a, const struct call *call,
		     struct reply *out, int64_t *sent_ms, struct error *err)
{
	return exchange(remote, a, call, 1, out, sent_ms, err);
}

bool remote_exchange_all(const struct remote *remote, struct arena *a, const struct call *calls,
			 size_t count, struct reply *replies, struct error *err)
{
	return exchange(remote, a, calls, count, replies, NULL, err);
}
