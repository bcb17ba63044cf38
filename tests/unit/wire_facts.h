#ifndef EFFC_TESTS_WIRE_FACTS_H
#define EFFC_TESTS_WIRE_FACTS_H

#include "base/json.h"
#include "schemas/wire.h"

/*
 * A made-up service with a member of every kind and place, in any of the
 * protocols: for tests of what is written and for hostile replies.
 */
#define WIRE_FACTS \
	"{\"metadata\":{\"protocol\":\"%s\",\"jsonVersion\":\"1.1\",\"targetPrefix\":\"Test\"," \
	"\"apiVersion\":\"2020-01-01\",\"endpointPrefix\":\"thing\",\"signingName\":\"thing\"%s}," \
	"\"operations\":{" \
	"\"PutThing\":{\"http\":{\"method\":\"PUT\",\"requestUri\":\"/{Name}/x?fixed=1\"}," \
	"\"input\":{\"shape\":\"PutInput\",\"locationName\":\"PutThingRequest\"}," \
	"\"output\":{\"shape\":\"Tree\",\"resultWrapper\":\"PutThingResult\"}," \
	"\"errors\":[{\"shape\":\"Gone\"}],\"httpChecksumRequired\":true}," \
	"\"GetBytes\":{\"http\":{\"method\":\"GET\",\"requestUri\":\"/bytes\"}," \
	"\"output\":{\"shape\":\"Bytes\"}}," \
	"\"Echo\":{\"input\":{\"shape\":\"Tree\"},\"output\":{\"shape\":\"Tree\"}}}," \
	"\"shapes\":{" \
	"\"S\":{\"type\":\"string\"},\"I\":{\"type\":\"integer\"},\"D\":{\"type\":\"double\"}," \
	"\"B\":{\"type\":\"boolean\"},\"T\":{\"type\":\"timestamp\"},\"X\":{\"type\":\"blob\"}," \
	"\"Secret\":{\"type\":\"string\",\"sensitive\":true}," \
	"\"Strings\":{\"type\":\"list\",\"member\":{\"shape\":\"S\"}}," \
	"\"Times\":{\"type\":\"list\",\"member\":{\"shape\":\"T\"}}," \
	"\"Trees\":{\"type\":\"list\",\"member\":{\"shape\":\"Tree\"}}," \
	"\"Map\":{\"type\":\"map\",\"key\":{\"shape\":\"S\"},\"value\":{\"shape\":\"Tree\"}}," \
	"\"Headers\":{\"type\":\"map\",\"key\":{\"shape\":\"S\"},\"value\":{\"shape\":\"S\"}}," \
	"\"Either\":{\"type\":\"structure\",\"union\":true," \
	"\"members\":{\"A\":{\"shape\":\"S\"}}}," \
	"\"Any\":{\"type\":\"structure\",\"document\":true,\"members\":{}}," \
	"\"Bytes\":{\"type\":\"structure\",\"payload\":\"Data\",\"members\":{" \
	"\"Data\":{\"shape\":\"X\",\"streaming\":true}}}," \
	"\"Gone\":{\"type\":\"structure\",\"exception\":true," \
	"\"error\":{\"code\":\"Thing.Gone\",\"httpStatusCode\":404}," \
	"\"members\":{\"Message\":{\"shape\":\"S\"},\"Depth\":{\"shape\":\"I\"}}}," \
	"\"PutInput\":{\"type\":\"structure\",\"required\":[\"Name\"],\"members\":{" \
	"\"Name\":{\"shape\":\"S\",\"location\":\"uri\",\"locationName\":\"Name\"}," \
	"\"Token\":{\"shape\":\"S\",\"idempotencyToken\":true}," \
	"\"When\":{\"shape\":\"T\",\"location\":\"header\",\"locationName\":\"x-when\"}," \
	"\"Query\":{\"shape\":\"Strings\",\"location\":\"querystring\",\"locationName\":\"q\"}," \
	"\"Body\":{\"shape\":\"Tree\"}}}," \
	"\"Tree\":{\"type\":\"structure\",\"members\":{" \
	"\"Text\":{\"shape\":\"S\"},\"Count\":{\"shape\":\"I\"},\"Share\":{\"shape\":\"D\"}," \
	"\"Flag\":{\"shape\":\"B\"},\"At\":{\"shape\":\"T\"},\"Data\":{\"shape\":\"X\"}," \
	"\"Hidden\":{\"shape\":\"Secret\"},\"List\":{\"shape\":\"Strings\"}," \
	"\"Flat\":{\"shape\":\"Trees\",\"flattened\":true},\"Children\":{\"shape\":\"Trees\"}," \
	"\"Map\":{\"shape\":\"Map\"},\"FlatMap\":{\"shape\":\"Map\",\"flattened\":true}," \
	"\"Either\":{\"shape\":\"Either\"},\"Any\":{\"shape\":\"Any\"}," \
	"\"Attribute\":{\"shape\":\"S\",\"xmlAttribute\":true,\"locationName\":\"x:attr\"}," \
	"\"Names\":{\"shape\":\"Strings\",\"location\":\"header\",\"locationName\":\"x-names\"}," \
	"\"Dates\":{\"shape\":\"Times\",\"location\":\"header\",\"locationName\":\"x-dates\"}," \
	"\"Json\":{\"shape\":\"S\",\"jsonvalue\":true,\"location\":\"header\"," \
	"\"locationName\":\"x-json\"}," \
	"\"Rest\":{\"shape\":\"Headers\",\"location\":\"headers\",\"locationName\":\"x-m-\"}," \
	"\"Status\":{\"shape\":\"I\",\"location\":\"statusCode\"}}}}}"

/* more: further metadata, beginning with a comma, or "". */
static inline void wire_facts(struct arena *a, const char *protocol, const char *more,
			      struct wire_service *out)
{
	struct str text = str_format(a, WIRE_FACTS, protocol, more);
	struct error err;
	struct value json;

	CHECK(json_parse(a, text, SPAN_NOWHERE, &json, &err));
	CHECK(wire_service_parse(a, STR("thing"), &json, out, &err));
}

#endif
