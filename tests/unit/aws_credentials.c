#include "unit.h"

#include "executor/aws/aws.h"

static struct arena a;
static struct aws_environment env;
static struct files *files;

static void set(const char *name, const char *text)
{
	struct str *value = arena_new(&a, struct str);

	*value = str_from_c(text);
	*map_put(&a, &env.variables, str_from_c(name)) = value;
}

static void setup(void)
{
	arena_init(&a);
	files = files_memory(&a);
	env = (struct aws_environment){ .files = files };
	set("HOME", "/home/u");
}

static void teardown(void)
{
	arena_release(&a);
}

static void put(const char *path, const char *text)
{
	files_memory_add(&a, files, str_from_c(path), str_from_c(text));
}

static struct credentials found(const char *profile)
{
	struct credentials_machine *m = credentials_start(&a, &env, str_from_c(profile));
	struct http_request request;
	struct credentials out;
	struct error err = { 0 };

	ck_assert_msg(credentials_next(m, NULL, 0, &request, &out, &err) == CREDENTIALS_DONE, "%s",
		      err.text);
	return out;
}

static void check_fails(const char *profile, const char *text)
{
	struct credentials_machine *m = credentials_start(&a, &env, str_from_c(profile));
	struct http_request request;
	struct credentials out;
	struct error err = { 0 };

	ck_assert_int_eq(credentials_next(m, NULL, 0, &request, &out, &err), CREDENTIALS_FAILED);
	ck_assert_msg(strstr(err.text, text), "'%s' lacks '%s'", err.text, text);
	ck_assert_msg(!strstr(err.text, "s3cr3t"), "a secret in '%s'", err.text);
}

START_TEST(from_environment)
{
	struct credentials c;

	set("AWS_ACCESS_KEY_ID", "AKID");
	set("AWS_SECRET_ACCESS_KEY", "s3cr3t");
	set("AWS_SESSION_TOKEN", "t");
	set("AWS_CREDENTIAL_EXPIRATION", "2014-04-29T18:30:38Z");
	c = found("");
	unit_str_eq(c.access_key_id, "AKID");
	unit_str_eq(c.session_token, "t");
	unit_str_eq(c.origin, "environment");
	ck_assert_int_eq(c.expires_at_s, 1398796238);
}
END_TEST

START_TEST(half_an_environment)
{
	set("AWS_SECRET_ACCESS_KEY", "s3cr3t");
	check_fails("", "AWS_ACCESS_KEY_ID is not");
}
END_TEST

START_TEST(from_files)
{
	struct credentials c;

	put("/home/u/.aws/config", "[default]\nregion = eu-west-3\n"
	    "[profile work]\nregion = eu-north-1\n");
	put("/home/u/.aws/credentials",
	    "[default]\naws_access_key_id = D\naws_secret_access_key = s3cr3t\n"
	    "[work]\naws_access_key_id = W\naws_secret_access_key = s3cr3t\n");
	c = found("");
	unit_str_eq(c.access_key_id, "D");
	unit_str_eq(c.origin, "profile 'default'");
	set("AWS_PROFILE", "work");
	unit_str_eq(found("").access_key_id, "W");
	set("AWS_ACCESS_KEY_ID", "E");
	set("AWS_SECRET_ACCESS_KEY", "s3cr3t");
	unit_str_eq(found("").access_key_id, "E");
	/* A profile that the user names wins. */
	unit_str_eq(found("default").access_key_id, "D");
}
END_TEST

START_TEST(what_is_missing_is_said)
{
	check_fails("", "no AWS credentials");
	check_fails("wrok", "no AWS profile 'wrok'");
	put("/home/u/.aws/credentials", "[work]\naws_access_key_id = W\n");
	check_fails("wrok", "did you mean 'work'");
	check_fails("work", "has no aws_secret_access_key");
	set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2/x");
	check_fails("", "a container are not supported yet");
}
END_TEST

static const struct {
	const char *text, *source;
} unsupported[] = {
	{ "role_arn = r\nsource_profile = d\n", "a role" },
	{ "role_arn = r\nweb_identity_token_file = f\n", "web identity" },
	{ "sso_session = s\n", "single sign-on" },
	{ "sso_start_url = s\n", "single sign-on" },
	{ "credential_process = p\n", "a program" },
};

START_TEST(unsupported_sources_say_what_to_do)
{
	put("/home/u/.aws/config", str_to_c(&a, str_format(&a, "[profile x]\n%s",
							   unsupported[_i].text)));
	check_fails("x", unsupported[_i].source);
	check_fails("x", "export-credentials --profile x");
}
END_TEST

START_TEST(malformed_file_has_a_line)
{
	put("/home/u/.aws/credentials", "[default]\naws_access_key_id = A\nnonsense\n");
	check_fails("", "credentials file, line 3: a property needs an '='");
}
END_TEST

START_TEST(region)
{
	struct error err;

	ck_assert_uint_eq(region_find(&a, &env, STR(""), &err).length, 0);
	ck_assert_int_eq(err.kind, ERROR_NONE);
	put("/home/u/.aws/config", "[default]\nregion = eu-west-3\n"
	    "[profile w]\nregion = eu-north-1\n");
	unit_str_eq(region_find(&a, &env, STR(""), &err), "eu-west-3");
	unit_str_eq(region_find(&a, &env, STR("w"), &err), "eu-north-1");
	set("AWS_DEFAULT_REGION", "us-east-2");
	unit_str_eq(region_find(&a, &env, STR("w"), &err), "us-east-2");
	set("AWS_REGION", "us-west-2");
	unit_str_eq(region_find(&a, &env, STR("w"), &err), "us-west-2");
}
END_TEST

START_TEST(long_continuations_are_linear)
{
	struct profiles all;
	struct error err;
	struct str text;
	struct buf file;

	buf_init(&file, &a);
	buf_add_c(&file, "[profile x]\nk = v\n");
	for (int i = 0; i < 200000; i++)
		buf_add_c(&file, " w\n");
	text = buf_str(&file);
	ck_assert(profiles_parse(&a, &text, NULL, &all, &err));
	ck_assert_uint_eq(((struct str *)map_get(map_get(&all.profiles, STR("x")),
						 STR("k")))->length, 400001);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, from_environment);
	tcase_add_test(tc, half_an_environment);
	tcase_add_test(tc, from_files);
	tcase_add_test(tc, what_is_missing_is_said);
	tcase_add_loop_test(tc, unsupported_sources_say_what_to_do, 0,
			    sizeof(unsupported) / sizeof(*unsupported));
	tcase_add_test(tc, malformed_file_has_a_line);
	tcase_add_test(tc, region);
	tcase_add_test(tc, long_continuations_are_linear);
}

int main(void)
{
	return unit_run("aws_credentials", fill);
}
