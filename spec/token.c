#include "spec.h"

const char *token_kind_name(enum token_kind kind)
{
	static const char *const names[] = {
		[TOKEN_BARE_KEY] = "bare key",
		[TOKEN_STRING] = "string",
		[TOKEN_INTEGER] = "integer",
		[TOKEN_FLOAT] = "float",
		[TOKEN_BOOL] = "bool",
		[TOKEN_DATETIME] = "datetime",
		[TOKEN_EQUALS] = "equals",
		[TOKEN_DOT] = "dot",
		[TOKEN_COMMA] = "comma",
		[TOKEN_OPEN_BRACKET] = "open bracket",
		[TOKEN_CLOSE_BRACKET] = "close bracket",
		[TOKEN_OPEN_BRACE] = "open brace",
		[TOKEN_CLOSE_BRACE] = "close brace",
		[TOKEN_NEWLINE] = "newline",
		[TOKEN_BLANK] = "blank",
		[TOKEN_COMMENT] = "comment",
		[TOKEN_DAMAGED] = "damaged",
	};

	CHECK((size_t)kind < sizeof(names) / sizeof(names[0]));
	return names[kind];
}
