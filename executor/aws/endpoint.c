#include "aws.h"

#include "base/buf.h"

/*
 * https://{prefix}.{region}.{suffix} for regional services; a row a partition
 * for global ones, which have one endpoint and one region to sign for.
 */
struct partition_row {
	struct str partition, dual_stack_suffix;
	struct str global_region;
	struct str global_host;		/* what stands behind the service's prefix */
};

static const struct partition_row rows[] = {
	{ STR_INIT("aws"), STR_INIT("api.aws"), STR_INIT("us-east-1"),
	  STR_INIT("amazonaws.com") },
	{ STR_INIT("aws-cn"), STR_INIT("api.amazonwebservices.com.cn"), STR_INIT("cn-north-1"),
	  STR_INIT("cn-north-1.amazonaws.com.cn") },
	{ STR_INIT("aws-eusc"), STR_INIT("api.amazonwebservices.eu"), STR_INIT("eusc-de-east-1"),
	  STR_INIT("eusc-de-east-1.amazonaws.eu") },
	{ STR_INIT("aws-iso"), STR_INIT("api.aws.ic.gov"), STR_INIT("us-iso-east-1"),
	  STR_INIT("us-iso-east-1.c2s.ic.gov") },
	{ STR_INIT("aws-iso-b"), STR_INIT("api.aws.scloud"), STR_INIT("us-isob-east-1"),
	  STR_INIT("us-isob-east-1.sc2s.sgov.gov") },
	{ STR_INIT("aws-iso-e"), STR_INIT("api.cloud-aws.adc-e.uk"), STR_INIT("eu-isoe-west-1"),
	  STR_INIT("eu-isoe-west-1.cloud.adc-e.uk") },
	{ STR_INIT("aws-iso-f"), STR_INIT("api.aws.hci.ic.gov"), STR_INIT("us-isof-south-1"),
	  STR_INIT("us-isof-south-1.csp.hci.ic.gov") },
	{ STR_INIT("aws-us-gov"), STR_INIT("api.aws"), STR_INIT("us-gov-west-1"),
	  STR_INIT("us-gov.amazonaws.com") },
};

static const struct partition_row *row_of(struct str partition)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_equal(rows[i].partition, partition))
			return &rows[i];
	return &rows[0];
}

static bool is_host_text(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return s.length > 0 && s.length <= 63;
}

static bool override_check(struct str url, struct error *err)
{
	bool http = str_starts(url, STR("http://")), https = str_starts(url, STR("https://"));

	if (!http && !https)
		return error_set(err, ERROR_NETWORK,
				 "the endpoint '%.*s' is no URL: it has to begin with http:// or "
				 "https://", STR_ARG(url));
	if (str_contains(url, STR("?")) || str_contains(url, STR("#")) ||
	    str_contains(url, STR("@")) || str_contains(url, STR(" ")))
		return error_set(err, ERROR_NETWORK,
				 "the endpoint '%.*s' has more than a host and a path",
				 STR_ARG(url));
	return true;
}

static struct str override_url(struct str url)
{
	while (str_ends(url, STR("/")))
		url.length--;
	return url;
}

static bool global_url(struct arena *a, const struct wire_service *service,
		       const struct partition_row *row, const struct endpoint_options *options,
		       struct str *out, struct error *err)
{
	bool first = row == &rows[0];

	if (!options->fips && !options->dual_stack) {
		*out = str_format(a, "https://%.*s.%.*s", STR_ARG(service->endpoint_prefix),
				  STR_ARG(row->global_host));
		return true;
	}
	if (!first)
		return error_set(err, ERROR_NETWORK,
				 "no FIPS or dual-stack endpoint of '%.*s' is known in %.*s",
				 STR_ARG(service->name), STR_ARG(row->partition));
	*out = str_format(a, "https://%.*s%s.%s", STR_ARG(service->endpoint_prefix),
			  options->fips ? "-fips" : "",
			  options->dual_stack ? "global.api.aws" : "amazonaws.com");
	return true;
}

static struct str regional_url(struct arena *a, const struct wire_service *service,
			       const struct partition_row *row, struct str region,
			       const struct endpoint_options *options)
{
	const char *fips = options->fips ? "-fips" : "";
	struct str suffix = partition_dns_suffix(row->partition);

	if (options->dual_stack && service->raw_signing)
		return str_format(a, "https://%.*s%s.dualstack.%.*s.%.*s",
				  STR_ARG(service->endpoint_prefix), fips, STR_ARG(region),
				  STR_ARG(suffix));
	if (options->dual_stack)
		suffix = row->dual_stack_suffix;
	return str_format(a, "https://%.*s%s.%.*s.%.*s", STR_ARG(service->endpoint_prefix), fips,
			  STR_ARG(region), STR_ARG(suffix));
}

bool endpoint_find(struct arena *a, const struct wire_service *service, const struct scope *scope,
		   const struct endpoint_options *options, struct endpoint *out, struct error *err)
{
	struct str partition = scope->partition;
	const struct partition_row *row;

	if (scope->region.length == 0)
		return error_set(err, ERROR_NETWORK,
				 "no region for '%.*s': set region in [project] or AWS_REGION",
				 STR_ARG(service->name));
	if (!is_host_text(scope->region))
		return error_set(err, ERROR_NETWORK, "'%.*s' is no region",
				 STR_ARG(scope->region));
	if (partition.length == 0)
		partition = partition_of_region(scope->region);
	row = row_of(partition);
	out->signing_region = service->global ? row->global_region : scope->region;
	out->signing_name = service->signing_name.length > 0 ? service->signing_name :
							       service->endpoint_prefix;
	if (options->override_url.length > 0) {
		out->url = override_url(options->override_url);
		return override_check(options->override_url, err);
	}
	if (service->global)
		return global_url(a, service, row, options, &out->url, err);
	out->url = regional_url(a, service, row, scope->region, options);
	return true;
}
