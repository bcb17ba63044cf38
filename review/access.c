#include "markdown.h"

/* Who may do what afterwards: what stands out is never left out, the rest where there is room. */

#define NAME_MOST 160
#define TEXT_MOST 240
#define TIGHT_MOST 48
#define TIGHT_ROWS 20
#define USUAL_ROWS 24			/* of those that do not stand out */

static size_t limit(const struct md *m, size_t usual)
{
	bool tight = m->fit->rows_most && m->fit->rows_most <= TIGHT_ROWS;

	return tight ? TIGHT_MOST : usual;
}

static void add_cell(struct md *m, struct buf *text, size_t most)
{
	buf_add_c(m->out, " | ");
	md_prose(m->out, buf_str(text), limit(m, most));
	buf_truncate(text, 0);
}

static void add_row(struct md *m, const struct permission_row *row)
{
	struct buf text;

	buf_init(&text, m->scratch);
	buf_printf(m->out, "| %s | ", row->wider ? "**+**" : "−");
	if (row->everyone)
		buf_add_c(m->out, "**everyone**");
	else
		md_code(m->out, row->principal, limit(m, NAME_MOST));
	render_permission_actions(&text, row, false);
	add_cell(m, &text, TEXT_MOST);
	render_permission_on(&text, row, false);
	add_cell(m, &text, TEXT_MOST);
	render_permission_note(&text, row, NAME_MOST);
	add_cell(m, &text, TEXT_MOST);
	buf_add_c(m->out, " |\n");
}

static void add_title(struct md *m, const struct permission_delta *delta)
{
	bool any = false;

	buf_add_c(m->out, "\n#### ");
	buf_add_c(m->out, delta->public ? "🔴 " : delta->wider ? "⚠️ " : "");
	buf_add_c(m->out, "Permissions (");
	md_count(m->out, delta->public, "public", &any);
	md_count(m->out, delta->wider, "wider", &any);
	md_count(m->out, delta->narrower, "narrower", &any);
	buf_add_c(m->out, ")\n\n");
}

void md_permissions(struct md *m)
{
	const struct permission_delta *delta = &m->review->permissions;
	size_t most = m->fit->updates == SAYS_COUNT ? 0 : USUAL_ROWS, shown = 0, grave = 0;

	if (!delta->count || m->review->destroy)
		return;
	add_title(m, delta);
	buf_add_c(m->out, "| | who | may | on | note |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < delta->count && !m->out->overflow; i++) {
		bool stands_out = permission_row_is_grave(&delta->rows[i]);

		grave += stands_out;
		if (stands_out ? m->fit->rows_most && grave > m->fit->rows_most : most == 0)
			continue;
		most -= !stands_out;
		add_row(m, &delta->rows[i]);
		shown++;
	}
	if (delta->count > shown)
		buf_printf(m->out, "\n… and **%zu more**: `effc plan --json` has them all.\n",
			   delta->count - shown);
}
