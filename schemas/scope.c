#include "scope.h"

struct partition {
	struct str name, region_prefix, dns_suffix;
};

/* Each region of a partition but "aws" has one beginning that no other partition's has. */
static const struct partition partitions[] = {
	{ STR_INIT("aws-cn"), STR_INIT("cn-"), STR_INIT("amazonaws.com.cn") },
	{ STR_INIT("aws-eusc"), STR_INIT("eusc-"), STR_INIT("amazonaws.eu") },
	{ STR_INIT("aws-iso"), STR_INIT("us-iso-"), STR_INIT("c2s.ic.gov") },
	{ STR_INIT("aws-iso-b"), STR_INIT("us-isob-"), STR_INIT("sc2s.sgov.gov") },
	{ STR_INIT("aws-iso-e"), STR_INIT("eu-isoe-"), STR_INIT("cloud.adc-e.uk") },
	{ STR_INIT("aws-iso-f"), STR_INIT("us-isof-"), STR_INIT("csp.hci.ic.gov") },
	{ STR_INIT("aws-us-gov"), STR_INIT("us-gov-"), STR_INIT("amazonaws.com") },
};

struct str partition_of_region(struct str region)
{
	for (size_t i = 0; i < sizeof(partitions) / sizeof(partitions[0]); i++) {
		if (str_starts(region, partitions[i].region_prefix))
			return partitions[i].name;
	}
	return STR("aws");
}

struct str partition_dns_suffix(struct str partition)
{
	for (size_t i = 0; i < sizeof(partitions) / sizeof(partitions[0]); i++) {
		if (str_equal(partitions[i].name, partition))
			return partitions[i].dns_suffix;
	}
	return STR("amazonaws.com");
}
