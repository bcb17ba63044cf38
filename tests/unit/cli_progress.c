#include "unit.h"

#include <string.h>

#include "cli/progress.h"
#include "cli/shown.h"

static struct arena arena;
static struct progress progress;
static struct node nodes[64];
static const char *addresses[64];	/* of the nodes */
static int64_t now_ms;
static int interrupted;

static int64_t read_now(void *context)
{
	(void)context;
	return now_ms;
}

static const struct clock clock_by_hand = { .now_ms = read_now, .wall_ms = read_now };

static void setup(void)
{
	arena_init(&arena);
	now_ms = 0;
	interrupted = 0;
	memset(addresses, 0, sizeof(addresses));
	progress = (struct progress){
		.arena = &arena, .out = tmpfile(), .clock = &clock_by_hand,
		.interrupted = &interrupted,
	};
	ck_assert_ptr_nonnull(progress.out);
}

static void teardown(void)
{
	fclose(progress.out);
	arena_release(&arena);
}

static const struct node *node_of(const char *address)
{
	size_t i = 0;

	while (addresses[i] && strcmp(addresses[i], address) != 0)
		ck_assert_uint_lt(++i, sizeof(addresses) / sizeof(*addresses));
	if (!addresses[i])
		addresses[i] = str_to_c(&arena, str_from_c(address));
	return &nodes[i];
}

static void emit(enum event_kind kind, const char *address, const char *text)
{
	struct event_sink sink = progress_sink(&progress);
	struct event e = {
		.kind = kind, .node = node_of(address), .address = str_from_c(address),
		.verb = STR("create"), .text = str_from_c(text),
		.identifier = kind == EVENT_DONE ? STR("id") : STR(""),
	};

	sink.emit(sink.context, &e);
}

/* What was written since the last call. */
static struct str written(void)
{
	size_t size = (size_t)ftell(progress.out);
	char *bytes = arena_array(&arena, char, size + 1);

	rewind(progress.out);
	ck_assert_uint_eq(fread(bytes, 1, size, progress.out), size);
	rewind(progress.out);
	return str_slice((struct str){ bytes, size }, 0, size);
}

START_TEST(test_lines)
{
	progress_begin(&progress, 2);
	emit(EVENT_STARTED, "orders", "");
	emit(EVENT_NOTE, "orders", "CreateTable");
	emit(EVENT_DONE, "orders", "");
	emit(EVENT_FAILED, "jobs", "AccessDenied: no\033[2J\xC2\x9B");
	unit_str_eq(written(), "ok      create   orders  id\n"
		    "FAILED  create   jobs: AccessDenied: no [2J \n");
}
END_TEST

/* Each drawing takes exactly the lines of the one before off the screen, however long they are. */
START_TEST(test_tree)
{
	progress.style = PROGRESS_TREE;
	progress_begin(&progress, 3);
	emit(EVENT_STARTED, "orders", "");
	unit_str_eq(written(), "\033[?7l  .. create   orders  0.0s\n  0 of 3, waiting for orders\033[?7h\n");
	now_ms = 1250;
	emit(EVENT_STARTED, "jobs", "");
	unit_str_eq(written(), "\r\033[2A\033[J\033[?7l  .. create   orders  1.2s\n"
		    "  .. create   jobs  0.0s\n  0 of 3, waiting for orders\033[?7h\n");
	emit(EVENT_DONE, "orders", "");
	unit_str_eq(written(), "\r\033[3A\033[Jok      create   orders  id\n"
		    "\033[?7l  .. create   jobs  0.0s\n  1 of 3, about 3 s left, waiting for jobs\033[?7h\n");
	progress_end(&progress);
	unit_str_eq(written(), "\r\033[2A\033[J");
}
END_TEST

START_TEST(test_tree_shows_a_dozen)
{
	char name[] = "q00";

	progress.style = PROGRESS_TREE;
	progress_begin(&progress, 40);
	for (int i = 0; i < 40; i++) {
		name[1] = (char)('0' + i / 10);
		name[2] = (char)('0' + i % 10);
		emit(EVENT_STARTED, name, "");
	}
	ck_assert_uint_eq(progress.drawn, 14);
	ck_assert(str_ends(written(), STR("  .. and 28 more\n  0 of 40, waiting for q00\033[?7h\n")));
}
END_TEST

/* After Ctrl-C the open ones are told, and what was not begun is left to the summary. */
START_TEST(test_interruption)
{
	progress_begin(&progress, 3);
	emit(EVENT_STARTED, "orders", "");
	interrupted = 1;
	emit(EVENT_OPEN, "orders", "left unfinished");
	emit(EVENT_SKIPPED, "jobs", "nothing more was started");
	unit_str_eq(written(), "interrupted: what is under way may end; once more stops at once\n"
		    "open    create   orders: left unfinished\n");
}
END_TEST

START_TEST(test_json)
{
	progress.style = PROGRESS_JSON;
	emit(EVENT_SKIPPED, "jobs\n", "something it needs failed");
	unit_str_eq(written(), "{\"event\":\"skipped\",\"address\":\"jobs\\n\",\"verb\":\"create\","
		    "\"text\":\"something it needs failed\"}\n");
}
END_TEST

START_TEST(test_shown)
{
	struct buf out;

	buf_init(&out, &arena);
	add_shown(&out, STR("a\tb\xE2\x80\xAE" "c\xFF" "d\xC3\xA9"), 0);
	unit_str_eq(buf_str(&out), "a b c d\xC3\xA9");
	buf_truncate(&out, 0);
	add_shown(&out, STR("abc\xC3\xA9"), 4);
	unit_str_eq(buf_str(&out), "abc...");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_lines);
	tcase_add_test(tc, test_tree);
	tcase_add_test(tc, test_tree_shows_a_dozen);
	tcase_add_test(tc, test_interruption);
	tcase_add_test(tc, test_json);
	tcase_add_test(tc, test_shown);
}

int main(void) { return unit_run("cli_progress", fill); }
