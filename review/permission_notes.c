#include "permission_rows.h"

#include "base/json.h"
#include "glob.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- who ---- */

/* Keys that say who asks, in lower case, by the conditions of policies and of grants. */
static bool key_says_who(struct str key)
{
	static const char *const keys[] = {
		"aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:principalorgid",
		"aws:principalorgpaths", "aws:principalarn", "aws:principalaccount",
		"aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:userid",
		"kms:calleraccount", "sourceaccount", "sourcearn", "principalorgid",
		"organizationid", "eventsourcetoken", "s3:dataaccesspointaccount",
	};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (str_equal_c(key, keys[i]))
			return true;
	return false;
}

static bool operator_narrows(struct str name)
{
	static const char *const plain[] = {
		"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike",
		"ForAnyValue:StringEquals", "ForAnyValue:StringLike",
	};

	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (str_equal_c(name, plain[i]))
			return true;
	return false;
}

/* "*" among the values narrows nothing. */
static bool values_narrow(const struct value *v)
{
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		if (!values_narrow(&v->list.items[i]))
			return false;
	return v->kind == VALUE_LIST || (v->kind == VALUE_STRING && v->string.length &&
					 !str_equal_c(v->string, "*"));
}

static bool condition_says_who(struct arena *a, struct str condition)
{
	struct value v;

	if (!condition.length || !json_parse(a, condition, SPAN_NOWHERE, &v, NULL))
		return false;
	for (uint32_t i = 0; v.kind == VALUE_MAP && i < v.map.count; i++) {
		const struct value *keys = &((struct member *)v.map.entries[i].value)->value;

		if (!operator_narrows(v.map.entries[i].key) || keys->kind != VALUE_MAP)
			continue;
		for (uint32_t k = 0; k < keys->map.count; k++) {
			const struct member *m = keys->map.entries[k].value;

			if (key_says_who(keys->map.entries[k].key) && values_narrow(&m->value))
				return true;
		}
	}
	return false;
}

bool grant_is_for_everyone(const struct grant *g)
{
	const struct choice *c = &g->principals;

	for (size_t i = 0; !c->except && i < c->texts.count; i++)
		if (str_equal_c(c->texts.items[i], EVERYONE))
			return true;
	return c->except;
}

/* Twelve digits: "AWS:1234...", or the account of an ARN; empty: none. */
static struct str account_of(struct str text)
{
	struct str rest = text, part = { 0 };
	int64_t number;

	for (int i = 0; i < 5 && str_split(&rest, ':', &part); i++)
		;
	if (!str_starts(text, STR("arn:")))
		part = text;
	return part.length == 12 && str_to_int(part, &number) ? part : (struct str){ 0 };
}

static bool is_foreign(const struct subtraction *s, struct str text)
{
	struct str account = account_of(text);

	return account.length && !str_equal(account, s->account);
}

static bool asks_foreigners(const struct subtraction *s, const struct grant *g)
{
	for (size_t i = 0; !g->principals.except && i < g->principals.texts.count; i++) {
		struct str text = g->principals.texts.items[i];

		if (str_starts(text, STR("AWS:")) &&
		    is_foreign(s, str_slice(text, 4, text.length)))
			return true;
	}
	return false;
}

/* ---- what, with what ---- */

static bool has_wildcard(struct str s)
{
	return str_index(s, '*') < s.length || str_index(s, '?') < s.length;
}

/* AWS's own policies that allow nearly everything of something; in lower case. */
static bool is_broad_policy(struct str name)
{
	return str_ends(name, STR("fullaccess")) || str_ends(name, STR("administratoraccess")) ||
	       str_ends(name, STR("poweruseraccess"));
}

static uint32_t action_notes(struct str action)
{
	struct str service = str_slice(action, 0, str_index(action, ':'));
	uint32_t notes = 0;

	if (str_starts(action, STR(ATTACHED_POLICY)))
		return is_broad_policy(action) ? NOTE_ANY_ACTION : 0;
	if (has_wildcard(action))
		notes |= NOTE_ANY_ACTION;
	if (str_equal_c(service, "iam") && glob_contains(action, STR("iam:passrole")))
		notes |= NOTE_PASS_ROLE;
	if (str_equal_c(service, "kms") && glob_contains(action, STR("kms:decrypt")))
		notes |= NOTE_DECRYPT;
	return notes;
}

static bool is_attached(const struct grant *g)
{
	return g->actions.texts.count &&
	       str_starts(g->actions.texts.items[0], STR(ATTACHED_POLICY));
}

static bool is_bounded(const struct grant *g)
{
	return g->actions.texts.count &&
	       str_starts(g->actions.texts.items[0], STR(BOUNDARY_POLICY));
}

static bool assumes_elsewhere(const struct subtraction *s, const struct grant *g)
{
	for (size_t i = 0; i < g->actions.texts.count; i++) {
		if (g->actions.except || !str_starts(g->actions.texts.items[i], STR("sts:assume")))
			continue;
		for (size_t k = 0; !g->resources.except && k < g->resources.texts.count; k++)
			if (is_foreign(s, g->resources.texts.items[k]))
				return true;
	}
	return false;
}

uint32_t grant_notes(const struct subtraction *s, const struct grant *g)
{
	uint32_t notes = 0;

	if (g->opaque)
		return NOTE_UNREAD;
	if (is_bounded(g))
		return NOTE_BOUNDARY;
	if (g->deny)
		return NOTE_DENY;
	if (grant_is_for_everyone(g) && !condition_says_who(s->a, g->condition))
		notes |= NOTE_PUBLIC;
	if (asks_foreigners(s, g) || assumes_elsewhere(s, g))
		notes |= NOTE_OTHER_ACCOUNT;
	if (g->actions.except)
		notes |= NOTE_ANY_ACTION;
	for (size_t i = 0; !g->actions.except && i < g->actions.texts.count; i++)
		notes |= action_notes(g->actions.texts.items[i]);
	for (size_t i = 0; !is_attached(g) && i < g->resources.shown.count; i++)
		if (g->resources.except || str_equal_c(g->resources.shown.items[i], "*"))
			notes |= NOTE_ANY_RESOURCE;
	return notes;
}

const char *permission_note_text(enum permission_note note, bool wider)
{
	switch (note) {
	case NOTE_PUBLIC:
		return "public";
	case NOTE_PASS_ROLE:
		return "passes a role";
	case NOTE_ANY_ACTION:
		return "wildcard action";
	case NOTE_ANY_RESOURCE:
		return "wildcard resource";
	case NOTE_OTHER_ACCOUNT:
		return "another account";
	case NOTE_DECRYPT:
		return "decrypts";
	case NOTE_DENY:
		return wider ? "no longer denied" : "denied";
	case NOTE_CONDITION:
		return wider ? "condition removed or changed" : "on a new condition";
	case NOTE_BOUNDARY:
		return wider ? "boundary removed" : "boundary set";
	case NOTE_UNREAD:
		return "not looked into";
	case NOTES:
		break;
	}
	BUG("note %d", note);
}

bool permission_row_is_grave(const struct permission_row *row)
{
	const uint32_t grave = NOTE_PUBLIC | NOTE_PASS_ROLE | NOTE_ANY_ACTION | NOTE_ANY_RESOURCE |
			       NOTE_OTHER_ACCOUNT | NOTE_DECRYPT | NOTE_DENY | NOTE_CONDITION |
			       NOTE_BOUNDARY | NOTE_UNREAD;

	return row->wider && (row->notes & grave);
}
