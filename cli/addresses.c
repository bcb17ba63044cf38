#include "command.h"

/* An address that is nowhere is a slip of the hand: what was meant is told, and nothing done. */
enum named {
	NAMED_ANY,			/* a resource of the spec or the state */
	NAMED_WANTED,			/* one of the spec */
	NAMED_WITHIN,			/* or a block or module of either */
};

static bool is_there(struct run *run, struct str address, enum named named)
{
	struct arena scratch;
	bool found = model_find(&run->model, address) != NO_RESOURCE;

	if (found || named == NAMED_WANTED)
		return found;
	if (named == NAMED_ANY)
		return state_find(&run->state, address) != NULL;
	arena_init(&scratch);
	for (size_t i = 0; i < run->model.resource_count && !found; i++)
		found = address_is_within(&scratch, address, &run->model.resources[i].address);
	for (size_t i = 0; i < run->state.row_count && !found; i++)
		found = address_is_within(&scratch, address, &run->state.rows[i]->address);
	arena_release(&scratch);
	return found;
}

static struct str meant(struct run *run, struct str address, enum named named)
{
	size_t count = run->model.resource_count, k = 0;
	struct str *known = arena_array(&run->arena, struct str, count + run->state.row_count);

	for (; k < count; k++)
		known[k] = address_text(&run->arena, &run->model.resources[k].address);
	for (size_t row = 0; row < run->state.row_count && named != NAMED_WANTED; row++)
		known[k++] = address_text(&run->arena, &run->state.rows[row]->address);
	return str_nearest(address, known, k);
}

static bool all_exist(struct run *run, const char *option, const struct str_list *given,
		      enum named named, const char *word)
{
	for (size_t i = 0; i < given->count; i++) {
		struct str address = given->items[i], near;

		if ((word && str_equal_c(address, word)) || is_there(run, address, named))
			continue;
		near = meant(run, address, named);
		return run_say(run, EXIT_ERROR, "--%s: there is no '%.*s'%s%.*s%s", option,
			       STR_ARG(address), near.length ? ": did you mean '" : "",
			       STR_ARG(near), near.length ? "'?" : "");
	}
	return true;
}

bool addresses_exist(struct run *run)
{
	const struct options *o = run->options;

	return all_exist(run, "allow-data-loss", &o->allow_data_loss, NAMED_ANY, "all") &&
	       all_exist(run, "target", &o->targets, NAMED_WITHIN, NULL) &&
	       all_exist(run, "replace", &o->replace, NAMED_WANTED, NULL) &&
	       all_exist(run, "take-over", &o->take_over, NAMED_WANTED, NULL);
}
