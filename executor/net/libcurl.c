#include "libcurl.h"

#include <curl/curl.h>
#include <stdarg.h>

#include "base/library.h"

/* One a process, as what libcurl keeps for itself. */
static struct {
	CURLcode (*global_init)(long flags);
	void (*global_cleanup)(void);
	CURL *(*easy_init)(void);
	CURLcode (*easy_setopt)(CURL *easy, CURLoption option, ...);
	CURLcode (*easy_getinfo)(CURL *easy, CURLINFO info, ...);
	void (*easy_cleanup)(CURL *easy);
	const char *(*easy_strerror)(CURLcode code);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_setopt)(CURLM *multi, CURLMoption option, ...);
	CURLMcode (*multi_add_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_remove_handle)(CURLM *multi, CURL *easy);
	CURLMcode (*multi_perform)(CURLM *multi, int *running);
	CURLMcode (*multi_poll)(CURLM *multi, struct curl_waitfd *extra, unsigned count,
				int timeout_ms, int *ready);
	CURLMsg *(*multi_info_read)(CURLM *multi, int *left);
	CURLMcode (*multi_cleanup)(CURLM *multi);
	const char *(*multi_strerror)(CURLMcode code);
	struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
	void (*slist_free_all)(struct curl_slist *list);
} lib;

#define CALL(name) { "curl_" #name, &lib.name }
static const struct library_call calls[] = {
	CALL(global_init), CALL(global_cleanup), CALL(easy_init), CALL(easy_setopt),
	CALL(easy_getinfo), CALL(easy_cleanup), CALL(easy_strerror), CALL(multi_init),
	CALL(multi_setopt), CALL(multi_add_handle), CALL(multi_remove_handle),
	CALL(multi_perform), CALL(multi_poll), CALL(multi_info_read), CALL(multi_cleanup),
	CALL(multi_strerror), CALL(slist_append), CALL(slist_free_all),
};

static const char *const names[] = {
	"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", NULL,
};

bool libcurl_load(struct error *err)
{
	static const struct library library = {
		.title = "libcurl", .names = names, .calls = calls,
		.call_count = sizeof(calls) / sizeof(*calls), .kind = ERROR_NETWORK,
	};
	static bool loaded;

	loaded = loaded || library_load(&library, err);
	return loaded;
}

CURLcode curl_global_init(long flags)
{
	return lib.global_init(flags);
}

void curl_global_cleanup(void)
{
	lib.global_cleanup();
}

CURL *curl_easy_init(void)
{
	return lib.easy_init();
}

/* The number of an option tells the type of its value; other types than these we never set. */
CURLcode (curl_easy_setopt)(CURL *easy, CURLoption option, ...)
{
	CURLcode code;
	va_list args;

	va_start(args, option);
	if ((int)option < CURLOPTTYPE_OBJECTPOINT)
		code = lib.easy_setopt(easy, option, va_arg(args, long));
	else if ((int)option >= CURLOPTTYPE_OFF_T && (int)option < CURLOPTTYPE_BLOB)
		code = lib.easy_setopt(easy, option, va_arg(args, curl_off_t));
	else
		code = lib.easy_setopt(easy, option, va_arg(args, void *));
	va_end(args);
	return code;
}

/* All answers are left at a place that the caller names. */
CURLcode (curl_easy_getinfo)(CURL *easy, CURLINFO info, ...)
{
	CURLcode code;
	va_list args;

	va_start(args, info);
	code = lib.easy_getinfo(easy, info, va_arg(args, void *));
	va_end(args);
	return code;
}

void curl_easy_cleanup(CURL *easy)
{
	lib.easy_cleanup(easy);
}

const char *curl_easy_strerror(CURLcode code)
{
	return lib.easy_strerror(code);
}

CURLM *curl_multi_init(void)
{
	return lib.multi_init();
}

CURLMcode (curl_multi_setopt)(CURLM *multi, CURLMoption option, ...)
{
	CURLMcode code;
	va_list args;

	va_start(args, option);
	if ((int)option < CURLOPTTYPE_OBJECTPOINT)
		code = lib.multi_setopt(multi, option, va_arg(args, long));
	else
		code = lib.multi_setopt(multi, option, va_arg(args, void *));
	va_end(args);
	return code;
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
	return lib.multi_add_handle(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
	return lib.multi_remove_handle(multi, easy);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
	return lib.multi_perform(multi, running);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd extra[], unsigned count,
			  int timeout_ms, int *ready)
{
	return lib.multi_poll(multi, extra, count, timeout_ms, ready);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
	return lib.multi_info_read(multi, left);
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
	return lib.multi_cleanup(multi);
}

const char *curl_multi_strerror(CURLMcode code)
{
	return lib.multi_strerror(code);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
	return lib.slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list)
{
	lib.slist_free_all(list);
}
