#include "codec.h"

#define RETRY_AFTER_LIMIT_MS 300000

static const char *const throttle_codes[] = {
	"BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete",
	"ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
	"RequestThrottledException", "SlowDown", "ThrottledException", "Throttling",
	"ThrottlingException", "TooManyRequestsException", "TransactionInProgressException",
};

static const char *const transient_codes[] = {
	"IDPCommunicationError", "InternalError", "InternalFailure", "InternalServerError",
	"InternalServerException", "RequestTimeout", "RequestTimeoutException",
	"ServiceUnavailable", "ServiceUnavailableException",
};

static const char *const expired_codes[] = {
	"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
};

static const char *const skew_codes[] = {
	"RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed",
};

#define HAS(table, code) table_has((table), sizeof(table) / sizeof(*(table)), (code))

static bool table_has(const char *const *table, size_t count, struct str code)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal_c(code, table[i]))
			return true;
	return false;
}

static bool list_has(const struct str_list *list, struct str code)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i], code))
			return true;
	return false;
}

enum reply_class error_class(long status, struct str code, const struct service_rules *rules)
{
	if (rules && list_has(&rules->throttle_codes, code))
		return REPLY_THROTTLED;
	if (rules && list_has(&rules->transient_codes, code))
		return REPLY_TRANSIENT;
	if (HAS(expired_codes, code))
		return REPLY_EXPIRED;
	if (HAS(skew_codes, code))
		return REPLY_SKEWED;
	if (!(rules && list_has(&rules->not_throttle_codes, code)) &&
	    (HAS(throttle_codes, code) || status == 429))
		return REPLY_THROTTLED;
	if (HAS(transient_codes, code) || status == 408 || status == 500 || status == 502 ||
	    status == 503 || status == 504)
		return REPLY_TRANSIENT;
	return REPLY_ERROR;
}

/* Seconds, as HTTP has it, or milliseconds, as AWS has it; a date is not waited for. */
int64_t retry_after_ms(const struct http_response *response)
{
	struct str millis = http_header_get(response, "x-amz-retry-after");
	struct str seconds = http_header_get(response, "Retry-After");
	int64_t wait = 0;

	if (!str_to_int(millis, &wait) && str_to_int(seconds, &wait) && wait > 0)
		wait = wait < RETRY_AFTER_LIMIT_MS / 1000 ? wait * 1000 : RETRY_AFTER_LIMIT_MS;
	if (wait < 0)
		return 0;
	return wait < RETRY_AFTER_LIMIT_MS ? wait : RETRY_AFTER_LIMIT_MS;
}
