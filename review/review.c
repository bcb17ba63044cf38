#include "render.h"

#include "base/hash.h"

static struct str digest_of(struct arena *a, const struct plan *plan)
{
	struct sha256_stream stream;
	struct sha256 digest;
	struct arena scratch;
	struct buf b;

	arena_init(&scratch);
	sha256_begin(&stream);
	buf_init(&b, &scratch);
	render_json_head(&b, plan);
	sha256_add(&stream, buf_str(&b));
	for (size_t i = 0; i < plan->action_count; i++) {
		buf_truncate(&b, 0);
		render_json_action(&b, plan, &plan->actions[i]);
		sha256_add(&stream, buf_str(&b));
	}
	digest = sha256_end(&stream);
	arena_release(&scratch);
	return hex_encode(a, digest.bytes, sizeof(digest.bytes));
}

void review_make(struct arena *a, const struct plan *plan, struct review *out)
{
	*out = (struct review){ .plan = plan, .digest = digest_of(a, plan) };
}
