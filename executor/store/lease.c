#include "lease.h"

#include "base/json.h"

#define LEASE_FORMAT 1

static void set_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	value_set(a, map, str_from_c(key), value_string(text));
}

static void set_number(struct arena *a, struct value *map, const char *key, int64_t number)
{
	value_set(a, map, str_from_c(key), value_int(number));
}

struct str lease_encode(struct arena *a, const struct lease *lease)
{
	struct value v = value_map();

	set_number(a, &v, "format", LEASE_FORMAT);
	set_number(a, &v, "epoch", (int64_t)lease->epoch);
	value_set(a, &v, STR("held"), value_bool(lease->held));
	set_text(a, &v, "token", lease->token);
	set_text(a, &v, "user", lease->owner.user);
	set_text(a, &v, "host", lease->owner.host);
	set_text(a, &v, "command", lease->owner.command);
	set_text(a, &v, "run", lease->owner.run);
	set_number(a, &v, "pid", lease->owner.pid);
	set_number(a, &v, "taken", lease->taken_s);
	set_number(a, &v, "beat", (int64_t)lease->beat);
	set_number(a, &v, "beaten", lease->beat_s);
	return json_text_canonical(a, &v);
}

static bool number(const struct value *map, const char *key, int64_t *out)
{
	const struct value *v = value_get_c(map, key);

	if (!v || v->kind != VALUE_INT || v->integer < 0)
		return false;
	*out = v->integer;
	return true;
}

bool lease_decode(struct arena *a, struct str text, struct lease *out)
{
	int64_t format, epoch, beat;
	const struct value *held;
	struct value v;

	if (text.length > LEASE_TEXT_LIMIT_BYTES ||
	    !json_parse(a, str_copy(a, text), SPAN_NOWHERE, &v, NULL) || v.kind != VALUE_MAP)
		return false;
	held = value_get_c(&v, "held");
	if (!number(&v, "format", &format) || format != LEASE_FORMAT ||
	    !number(&v, "epoch", &epoch) || !number(&v, "beat", &beat) ||
	    !number(&v, "pid", &out->owner.pid) || !number(&v, "taken", &out->taken_s) ||
	    !number(&v, "beaten", &out->beat_s) || !held || held->kind != VALUE_BOOL)
		return false;
	out->epoch = (uint64_t)epoch;
	out->beat = (uint64_t)beat;
	out->held = held->boolean;
	out->token = value_get_str(&v, "token");
	out->owner.user = value_get_str(&v, "user");
	out->owner.host = value_get_str(&v, "host");
	out->owner.command = value_get_str(&v, "command");
	out->owner.run = value_get_str(&v, "run");
	return true;
}

struct lease lease_begin(struct arena *a, const struct lease_owner *who,
			 const struct clock *clock, uint64_t last_epoch)
{
	int64_t now_s = clock->wall_ms(clock->context) / 1000;

	return (struct lease){
		.owner = {
			.user = str_copy(a, who->user), .host = str_copy(a, who->host),
			.pid = who->pid, .command = str_copy(a, who->command),
			.run = str_copy(a, who->run),
		},
		.epoch = last_epoch + 1, .held = true, .taken_s = now_s, .beat_s = now_s,
	};
}

/* What others wrote cannot harm a terminal. */
static void add_safe(struct buf *out, struct str text)
{
	struct str shown = str_slice(text, 0, 200);

	for (size_t i = 0; i < shown.length; i++) {
		unsigned char c = (unsigned char)shown.data[i];

		buf_add_char(out, c < ' ' || c >= 127 ? ' ' : (char)c);
	}
}

static void add_time(struct buf *out, int64_t time_s)
{
	struct utc t = utc_from_s(time_s);

	buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d UTC", t.year, t.month, t.day, t.hour,
		   t.minute, t.second);
}

struct str lease_text(struct arena *a, const struct lease *lease)
{
	struct buf out;

	buf_init(&out, a);
	buf_add_c(&out, "effc ");
	add_safe(&out, lease->owner.command);
	if (lease->owner.user.length) {
		buf_add_c(&out, " of ");
		add_safe(&out, lease->owner.user);
	}
	if (lease->owner.host.length) {
		buf_add_c(&out, " on ");
		add_safe(&out, lease->owner.host);
	}
	buf_printf(&out, " (process %lld)", (long long)lease->owner.pid);
	if (lease->owner.run.length) {
		buf_add_c(&out, ", CI run ");
		add_safe(&out, lease->owner.run);
	}
	buf_add_c(&out, ", since ");
	add_time(&out, lease->taken_s);
	if (lease->held && lease->beat_s != lease->taken_s) {
		buf_add_c(&out, ", last heard of at ");
		add_time(&out, lease->beat_s);
	}
	return buf_str(&out);
}
