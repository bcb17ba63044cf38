#include "compiler_case.h"

/* Variables, for_each and modules: what they make, and what is wrong with them. */

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"

static void compile(struct compiler_case *k, const char *spec, const char *module)
{
	struct files *files = files_memory(&k->arena);
	struct str path = STR("effortless.toml");
	bool read;

	files_memory_add(&k->arena, files, path, str_from_c(spec));
	if (module)
		files_memory_add(&k->arena, files, STR("m/effortless.toml"), str_from_c(module));
	read = spec_read(&k->arena, files, &k->sources, &path, 1, &k->spec, &k->diags);
	k->good = model_compile(&k->arena, &k->spec, k->schemas, &k->options, &k->model,
				&k->diags) && read;
}

/* "address ..." of all resources, in order. */
static struct str addresses(struct compiler_case *k)
{
	struct buf out;

	buf_init(&out, &k->arena);
	for (size_t i = 0; i < k->model.resource_count; i++) {
		if (i)
			buf_add_char(&out, ' ');
		address_print(&out, &k->model.resources[i].address);
	}
	return buf_str(&out);
}

static const struct {
	const char *spec, *module;
	const char *addresses;
	const char *address, *property, *json;	/* one of them, looked at */
} made[] = {
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b.c\"]\n", NULL, "q['a'] q['b.c']",
	  "q['b.c']", "QueueName", "\"shop-dev-q-b-c\"" },
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = { a = 1, b = 2 }\nDelaySeconds = \"${each.value}\"\n"
	  "when = \"${each.key != 'a'}\"\n", NULL, "q['b']", "q['b']", "DelaySeconds", "2" },
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = []\n[AWS.SNS.Topic.t]\n"
	  "DisplayName = \"${length(q)} queues\"\n", NULL, "t", "t", "DisplayName",
	  "\"0 queues\"" },
	/* A list whose key is needed, all of them, and the key as a name. */
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b\"]\n[AWS.SNS.Topic.t]\n"
	  "DisplayName = \"${join(' ', values(q)[*].QueueName)} ${q.a.QueueName}\"\n", NULL,
	  "q['a'] q['b'] t", "t", "DisplayName",
	  "\"${join(' ', [q['a'].QueueName, q['b'].QueueName])} ${q['a'].QueueName}\"" },
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b\"]\n[AWS.SNS.Topic.t]\n"
	  "for_each = \"${['a', 'b']}\"\nDisplayName = \"${q[each.key].Arn}\"\n", NULL,
	  "q['a'] q['b'] t['a'] t['b']", "t['b']", "DisplayName", "\"${q['b'].Arn}\"" },
	/* A handler's lists and tables of them: the keys are known wherever the block stands. */
	{ HEAD "[function.f]\nhandler = \"a.js#b\"\nmemory = \"${length(t) * 128}\"\n"
	  "env = \"${{ for k, v in t : k => v.TopicArn }}\"\n"
	  "[AWS.SNS.Topic.t]\nfor_each = [\"a\", \"b\"]\nDisplayName = \"${f.name}\"\n", NULL,
	  "f f/logs f/role t['a'] t['b']", "f", "Environment.Variables.b",
	  "\"${t['b'].TopicArn}\"" },
	{ HEAD "[function.f]\nhandler = \"a.js#b\"\n"
	  "permissions = [{ actions = [\"sns:Publish\"], "
	  "resources = \"${values(t)[*].TopicArn}\" }]\n"
	  "[AWS.SNS.Topic.t]\nfor_each = [\"a\", \"b\"]\n", NULL,
	  "f f/logs f/role t['a'] t['b']", "f/role",
	  "Policies.0.PolicyDocument.Statement.1.Resource",
	  "[\"${t['a'].TopicArn}\",\"${t['b'].TopicArn}\"]" },
	/* What a call gives may be a reference of the spec, its outputs one of the module. */
	{ HEAD "[queue.q]\n[module.m]\nsource = \"./m\"\nwith = { from = \"${q.arn}\" }\n"
	  "[AWS.SNS.Topic.t]\nDisplayName = \"${module.m.arn} ${module.m.from}\"\n",
	  "[variable.from]\n[AWS.SQS.Queue.q]\nTags = [{ Key = \"k\", Value = \"${var.from}\" }]\n"
	  "[output.arn]\nvalue = \"${q.Arn}\"\n[output.from]\nvalue = \"${var.from}\"\n",
	  "q t module.m.q", "t", "DisplayName", "\"${module.m.q.Arn} ${q.Arn}\"" },
	{ HEAD "[module.m]\nsource = \"./m\"\nfor_each = [\"x\", \"y\"]\nwith.n = \"${each.key}\"\n",
	  "[variable.n]\n[AWS.SNS.Topic.t]\nfor_each = [\"a\"]\nDisplayName = \"${var.n}\"\n",
	  "module.m['x'].t['a'] module.m['y'].t['a']", "module.m['y'].t['a']", "TopicName",
	  "\"shop-dev-m-y-t-a\"" },
	/* A module sees neither the locals nor the defaults of the spec. */
	{ HEAD "[local]\nx = 1\n[defaults.queue]\ndelay = \"5s\"\n[module.m]\nsource = \"./m\"\n",
	  "[local]\nx = 2\n[queue.q]\nretention = \"${local.x}m\"\n", "module.m.q", "module.m.q",
	  "DelaySeconds", "" },
	{ HEAD "[module.m]\nsource = \"./m\"\nwhen = false\n", "[queue.q]\n", "", NULL, NULL, NULL },
	/* Overlays lie over what is written, before keys are made of it. */
	{ HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\"]\nDelaySeconds = 1\n"
	  "[stage.dev.AWS.SQS.Queue.q]\nappend.for_each = [\"b\"]\nDelaySeconds = 2\n", NULL,
	  "q['a'] q['b']", "q['b']", "DelaySeconds", "2" },
	{ HEAD "[module.m]\nsource = \"./m\"\nwith.n = 1\n[stage.\"d*\".module.m]\nwith.n = 3\n",
	  "[variable.n]\ntype = \"number\"\n[AWS.SQS.Queue.q]\nDelaySeconds = \"${var.n}\"\n",
	  "module.m.q", "module.m.q", "DelaySeconds", "3" },
	{ HEAD "[local]\nkeys = [\"a\"]\nother = 1\n[stage.dev.local]\nappend.keys = [\"b\"]\n"
	  "unset = [\"other\"]\n[AWS.SQS.Queue.q]\nfor_each = \"${local.keys}\"\n", NULL,
	  "q['a'] q['b']", "q['a']", "DelaySeconds", "" },
	{ HEAD "[variable.n]\ntype = \"number\"\ndefault = \"7\"\n[AWS.SQS.Queue.q]\n"
	  "DelaySeconds = \"${var.n}\"\n", NULL, "q", "q", "DelaySeconds", "7" },
};

START_TEST(makes)
{
	struct compiler_case k;

	case_open(&k);
	compile(&k, made[_i].spec, made[_i].module);
	unit_str_eq(case_messages(&k), "");
	ck_assert(k.good);
	unit_str_eq(addresses(&k), made[_i].addresses);
	if (made[_i].address)
		case_property(&k, made[_i].address, made[_i].property, made[_i].json);
	case_close(&k);
}
END_TEST

static const struct {
	const char *spec, *module, *messages;
} wrong[] = {
	{ HEAD "[AWS.SNS.Topic.t]\nfor_each = [\"a\"]\n[function.f]\nhandler = \"a.js#b\"\n"
	  "vpc = { subnets = \"${values(t)}\", security_groups = [\"${t.a}\"] }\n", NULL,
	  "8:29: AWS.SNS.Topic 't' is a block, and an attribute of it is needed | "
	  "for example 't['a'].TopicArn'\n"
	  "8:57: AWS.SNS.Topic 't' is a block, and an attribute of it is needed | "
	  "for example 't['a'].TopicArn'" },
	{ HEAD "[AWS.SNS.Topic.t]\nfor_each = 3\n[function.f]\nhandler = \"a.js#b\"\n"
	  "memory = \"${length(t)}\"\n", NULL,
	  "5:12: 'for_each' must be a table or a list of strings, not integer" },
	{ HEAD "[queue.q]\nfor_each = [\"a\"]\n[AWS.SNS.Topic.t]\nDisplayName = \"${q}\"\n", NULL,
	  "7:18: queue 'q' is a block, and an attribute of it is needed | "
	  "for example 'q['a'].arn'" },
	{ HEAD "[queue.q]\nfor_each = [\"a\"]\n[http.h]\nmethod = \"GET\"\npath = \"/\"\n"
	  "auth = \"none\"\nhandler = \"a.js#b\"\ndeps = [\"q['b']\", \"q\"]\n", NULL,
	  "11:9: queue 'q' has no key 'b'" },
	{ HEAD "[http.f]\nfor_each = [\"a\"]\nmethod = \"GET\"\npath = \"/f\"\nauth = \"none\"\n"
	  "handler = \"a.js#b\"\n[http.g]\nmethod = \"PUT\"\npath = \"/g\"\nauth = \"none\"\n"
	  "function = \"f\"\n", NULL,
	  "14:12: 'f' has 'for_each': one of its keys is needed | for example \"f['a']\"" },
	{ HEAD "[module.m]\nsource = \"./m\"\n[output.x]\nvalue = \"${module.m.ulr} ${module.n.y}\"\n",
	  "[output.url]\nvalue = 1\n",
	  "7:21: there is no output 'ulr' | did you mean 'module.m.url'?\n"
	  "7:35: there is no module 'n'" },
	{ HEAD "[module.m]\nsource = \"./m\"\nfor_each = [\"a\"]\n"
	  "[output.x]\nvalue = \"${module.m.a.ulr}\"\n", "[output.url]\nvalue = 1\n",
	  "8:23: there is no output 'ulr' | did you mean 'module.m['a'].url'?" },
	{ HEAD "[module.m]\nsource = \"./m\"\nwhen = false\n[output.x]\nvalue = \"${module.m.z}\"\n",
	  "[output.z]\nvalue = 1\n", "8:19: module 'm' is left out of stage 'dev'" },
	{ HEAD "[module.m]\nsource = \"./m\"\nsource_of = 1\n", "[queue.q]\n",
	  "6:1: unknown key 'source_of' in module 'm' | did you mean 'source'?" },
	/* Nothing of the spec is seen inside, and nothing inside from the spec. */
	{ HEAD "[queue.a]\n[module.m]\nsource = \"./m\"\n[output.x]\nvalue = \"${b.arn}\"\n",
	  "[queue.b]\n[output.y]\nvalue = \"${a.arn}\"\n",
	  "8:12: there is no block 'b'\n3:12: there is no block 'a'" },
	{ HEAD "[module.a]\nsource = \"./m\"\nwith.x = \"${module.b.y}\"\n[module.b]\n"
	  "source = \"./m\"\nwith.x = \"${module.a.y}\"\n",
	  "[variable.x]\n[output.y]\nvalue = \"${var.x}\"\n",
	  "3:12: variable 'x' refers to itself" },
	{ HEAD "[queue.q]\ndepends_on = [\"module.m.inner\", \"module.n\"]\n[module.m]\n"
	  "source = \"./m\"\n", "[queue.inner]\n",
	  "5:15: there is no module 'm.inner' | a module is waited for as a whole: 'module.m'\n"
	  "5:33: there is no module 'n'" },
};

START_TEST(reports)
{
	struct compiler_case k;

	case_open(&k);
	compile(&k, wrong[_i].spec, wrong[_i].module);
	ck_assert(!k.good);
	unit_str_eq(case_messages(&k), wrong[_i].messages);
	case_close(&k);
}
END_TEST

/* --var goes before EFF_VAR_, and both before the default. */
START_TEST(values_come_from_outside)
{
	static const struct given_variable given[] = {
		{ STR_INIT("n"), STR_INIT("3"), false }, { STR_INIT("n"), STR_INIT("4"), true },
		{ STR_INIT("zones"), STR_INIT("[\"a\",\"b\"]"), false },
		{ STR_INIT("other"), STR_INIT("of another project"), false },
	};
	struct compiler_case k;

	case_open(&k);
	k.options.variables = given;
	k.options.variable_count = 4;
	compile(&k, HEAD "[variable.n]\ntype = \"number\"\ndefault = 1\n[variable.zones]\n"
		"type = \"list of string\"\n[AWS.SQS.Queue.q]\nfor_each = \"${var.zones}\"\n"
		"DelaySeconds = \"${var.n}\"\n", NULL);
	unit_str_eq(case_messages(&k), "");
	unit_str_eq(addresses(&k), "q['a'] q['b']");
	case_property(&k, "q['b']", "DelaySeconds", "4");
	case_close(&k);
}
END_TEST

/* All that the call waits for comes before all that the module has. */
START_TEST(a_module_waits_as_a_whole)
{
	struct compiler_case k;
	const struct resource *r;

	case_open(&k);
	compile(&k, HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b\"]\n[module.m]\n"
		"source = \"./m\"\ndepends_on = [\"q\"]\n[AWS.SNS.Topic.t]\n"
		"depends_on = [\"module.m\"]\n", "[AWS.SNS.Topic.u]\n");
	unit_str_eq(case_messages(&k), "");
	r = case_resource(&k, "module.m.u");
	ck_assert_uint_eq(r->depends_count, 2);
	unit_str_eq(address_text(&k.arena, &k.model.resources[r->depends_on[1]].address), "q['b']");
	r = case_resource(&k, "t");
	ck_assert_uint_eq(r->depends_count, 1);
	unit_str_eq(address_text(&k.arena, &k.model.resources[r->depends_on[0]].address),
		    "module.m.u");
	case_close(&k);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, makes, 0, COUNT(made));
	tcase_add_loop_test(tc, reports, 0, COUNT(wrong));
	tcase_add_test(tc, values_come_from_outside);
	tcase_add_test(tc, a_module_waits_as_a_whole);
}

int main(void)
{
	return unit_run("compiler_modules", suite_fill);
}
