#include <pwd.h>
#include <unistd.h>

#include "run.h"

#define HOST_BYTES 256

static struct str user_name(struct run *run)
{
	struct str name = door_environment(run->doors, "USER");
	const struct passwd *entry;

	if (!name.length)
		name = door_environment(run->doors, "LOGNAME");
	if (name.length)
		return name;
	entry = getpwuid(geteuid());
	return entry ? str_copy(&run->arena, str_from_c(entry->pw_name)) : (struct str){ 0 };
}

static struct str host_name(struct run *run)
{
	char name[HOST_BYTES];

	if (gethostname(name, sizeof(name)) != 0)
		return (struct str){ 0 };
	name[sizeof(name) - 1] = '\0';
	return str_copy(&run->arena, str_from_c(name));
}

/* Where the job of a CI service can be looked at. */
static struct str ci_run(struct run *run)
{
	static const char *const names[] = { "CI_JOB_URL", "CIRCLE_BUILD_URL",
					     "BUILDKITE_BUILD_URL", "BUILD_URL" };
	const struct doors *doors = run->doors;
	struct str id = door_environment(doors, "GITHUB_RUN_ID");

	if (id.length)
		return str_format(&run->arena, "%.*s/%.*s/actions/runs/%.*s",
				  STR_ARG(door_environment(doors, "GITHUB_SERVER_URL")),
				  STR_ARG(door_environment(doors, "GITHUB_REPOSITORY")),
				  STR_ARG(id));
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str url = door_environment(doors, names[i]);

		if (url.length)
			return url;
	}
	return (struct str){ 0 };
}

struct lease_owner run_owner(struct run *run)
{
	return (struct lease_owner){
		.user = user_name(run), .host = host_name(run), .pid = getpid(),
		.command = run->options->command, .run = ci_run(run),
	};
}
