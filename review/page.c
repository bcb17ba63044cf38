#include "page.h"

#include "render.h"

extern const char effc_page_style_start[], effc_page_style_end[];
extern const char effc_page_script_start[], effc_page_script_end[];

struct str page_style(void)
{
	return str_of(effc_page_style_start,
		      (size_t)(effc_page_style_end - effc_page_style_start));
}

struct str page_script(void)
{
	return str_of(effc_page_script_start,
		      (size_t)(effc_page_script_end - effc_page_script_start));
}

void page_escape(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		switch (text.data[i]) {
		case '&':
			buf_add_c(out, "&amp;");
			break;
		case '<':
			buf_add_c(out, "&lt;");
			break;
		case '>':
			buf_add_c(out, "&gt;");
			break;
		case '"':
			buf_add_c(out, "&quot;");
			break;
		case '\'':
			buf_add_c(out, "&#39;");
			break;
		default:
			buf_add_char(out, text.data[i]);
		}
	}
}

void page_text(struct buf *out, struct arena *scratch, struct str text)
{
	struct buf shown;

	buf_init(&shown, scratch);
	render_shown(&shown, text);
	page_escape(out, buf_str(&shown));
}

void page_short(struct buf *out, struct arena *scratch, struct str text, size_t limit_bytes)
{
	struct buf shown;

	buf_init(&shown, scratch);
	render_short(&shown, text, limit_bytes);
	page_escape(out, buf_str(&shown));
}

const char *page_class(enum harm harm)
{
	static const char *const classes[] = {
		[HARM_DATA] = "data", [HARM_REPLACE] = "replace", [HARM_DELETE] = "delete",
		[HARM_ACCESS] = "access", [HARM_UPDATE] = "update", [HARM_CREATE] = "create",
		[HARM_STATE] = "state", [HARMS] = "none",
	};

	CHECK((size_t)harm < sizeof(classes) / sizeof(classes[0]));
	return classes[harm];
}
