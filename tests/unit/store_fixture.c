#include "store_fixture.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"

const struct lease_owner test_owner = {
	.user = STR_INIT("a test"), .host = STR_INIT("box"), .pid = 7, .command = STR_INIT("apply"),
};

static int64_t zero(void *context)
{
	(void)context;
	return 0;
}

static void no_sleep(void *context, int64_t wait_ms)
{
	(void)context;
	(void)wait_ms;
}

const struct clock *test_clock(void)
{
	static const struct clock still = { .now_ms = zero, .wall_ms = zero, .sleep_ms = no_sleep };

	return &still;
}

void place_init(struct store_place *p)
{
	arena_init(&p->arena);
	snprintf(p->folder, sizeof(p->folder), "/tmp/effc-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->folder));
	p->path = str_format(&p->arena, "%s/state/dev.db", p->folder);
}

static void remove_all(struct arena *a, const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	if (!d)
		return;
	while ((entry = readdir(d))) {
		const char *name = str_format(a, "%s/%s", folder, entry->d_name).data;

		if (entry->d_name[0] != '.')
			unlink(name);
	}
	closedir(d);
	rmdir(folder);
}

void place_release(struct store_place *p)
{
	remove_all(&p->arena, str_format(&p->arena, "%s/state/dev.history", p->folder).data);
	remove_all(&p->arena, str_format(&p->arena, "%s/state", p->folder).data);
	remove_all(&p->arena, p->folder);
	arena_release(&p->arena);
}

struct row *row_new(struct arena *a, const char *address, int number)
{
	struct row *row = arena_new(a, struct row);

	*row = (struct row){
		.type = STR("AWS::SQS::Queue"), .generation = 1, .status = ROW_CREATED,
		.instance = STR("0123456789abcdef0123456789abcdef"), .guard = GUARD_SOFT,
		.scope = { .partition = STR("aws"), .account = STR("123456789012"),
			   .region = STR("eu-west-1") },
		.properties = value_map(), .attributes = value_map(),
	};
	ck_assert(address_parse(a, str_from_c(address), &row->address));
	value_set(a, &row->properties, STR("DelaySeconds"), value_int(number));
	value_set(a, &row->properties, STR("QueueName"), value_string(str_format(a, "shop-%s", address)));
	return row;
}

struct store *store_make(struct store_place *p, const char *vfs)
{
	struct error err = { 0 };
	struct store *s = store_sqlite(&p->arena, p->path, false, vfs, &err);

	ck_assert_msg(s != NULL, "%s", err.text);
	ck_assert_msg(s->lock(s->context, &test_owner, test_clock(), &err), "%s", err.text);
	ck_assert_msg(s->create(s->context, STR("shop"), STR("dev"), STR(LINEAGE), &err), "%s",
		      err.text);
	return s;
}

bool store_put(struct store *s, const struct row *row, struct error *err)
{
	struct store_write w = { .put = row, .journal = STR("{\"begin\":1}") };
	uint64_t durable = 0, ticket = s->submit(s->context, &w, 1);

	if (!s->poll(s->context, &durable, err))
		return false;
	ck_assert(durable == ticket);
	return true;
}

struct str state_text(struct arena *a, const struct state *s)
{
	struct buf out;

	buf_init(&out, a);
	buf_printf(&out, "%.*s %.*s %.*s %llu pin %.*s/%.*s\n", STR_ARG(s->project), STR_ARG(s->stage),
		   STR_ARG(s->lineage), (unsigned long long)s->serial, STR_ARG(s->pin.account),
		   STR_ARG(s->pin.region));
	for (size_t i = 0; i < s->row_count; i++)
		buf_printf(&out, "%.*s\n", STR_ARG(row_encode(a, s->rows[i])));
	for (size_t i = 0; i < s->tombstone_count; i++)
		buf_printf(&out, "gone %.*s %u\n", STR_ARG(s->tombstones[i].address),
			   s->tombstones[i].generation);
	json_print_canonical(&out, &s->outputs);
	return buf_str(&out);
}

struct str load_text(struct arena *a, struct str path, enum error_kind *kind)
{
	struct error err = { 0 };
	struct store *s = store_sqlite(a, path, true, NULL, &err);
	struct state state;
	struct str text = { 0 };

	*kind = ERROR_NONE;
	if (s && s->load(s->context, a, &state, &err))
		text = state_text(a, &state);
	if (s)
		s->close(s->context);
	if (text.data)
		return text;
	*kind = err.kind;
	return str_format(a, "error: %s", err.text);
}
