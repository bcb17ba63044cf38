#include <string.h>

#include "base/stats.h"
#include "command.h"

/* Sorted by name. */
static const struct command commands[] = {
	{ "apply", FOR_APPLY, "[PLAN]",
	  "make the account as the spec says, after showing the plan",
	  "It shows the plan and asks. A plan that was saved is carried out as it was shown, or\n"
	  "refused with 5 if anything that it was made from moved. What is done is recorded at\n"
	  "once: after a failure or an interruption, run it again, or with --resume to end\n"
	  "what was begun and nothing else. Ctrl-C lets what is under way end; twice stops\n"
	  "at once.\n",
	  "  effc apply --stage prod\n"
	  "  effc apply --yes --allow-data-loss orders\n"
	  "  effc apply prod.plan\n",
	  command_apply },
	{ "bootstrap", FOR_BOOTSTRAP, "", "make the bucket of a team's state",
	  "It makes the bucket that 'state' under [project] names, with versions, encrypted and\n"
	  "closed to the public, or says what such a bucket lacks, and mends it. A state that is\n"
	  "in a file goes into it. It shows what it will do and asks, and can be run again.\n"
	  "With --ci-roles it makes two roles for the workflows of a repository on GitHub: one\n"
	  "looks, for plans of pull requests, one may do what the spec needs, for a branch.\n",
	  "  effc bootstrap --stage prod\n"
	  "  effc bootstrap --stage prod --ci-roles acme/shop@main\n",
	  command_bootstrap },
	{ "build", FOR_BUILD, "", "print what the spec is lowered to",
	  "As TOML, or as a CloudFormation template; what a template leaves to whoever\n"
	  "deploys it, such as the place of packed code, is a parameter and is said on\n"
	  "standard error.\n",
	  "  effc build --lowered cloudformation > template.json\n",
	  command_build },
	{ "check", FOR_CHECK, "", "find every mistake in the spec; needs no credentials",
	  "Exits with 1 if there is one.\n",
	  "  effc check --stage prod\n",
	  command_check },
	{ "config", FOR_CONFIG, "[ADDRESS|KEY ...]", "the settings in effect, and who says so",
	  "A value comes from the first of: an option, an EFF_* variable, the stage's overlay,\n"
	  "the block, [defaults.KIND], [defaults.function], what is built in.\n",
	  "  effc config --origin --stage prod\n"
	  "  effc config --origin orders timeout\n",
	  command_config },
	{ "debug", FOR_DEBUG, "tokens|tree|model|graph|plan",
	  "print what a stage of the compiler makes",
	  "The graph and the plan are made from the spec and the state alone.\n",
	  "  effc debug model --file effortless.toml\n",
	  command_debug },
	{ "destroy", FOR_DESTROY, "", "delete everything that this stage made",
	  "It shows what goes and asks for the name of the stage. What holds data stays\n"
	  "unless --allow-data-loss names it.\n",
	  "  effc destroy --stage test --allow-data-loss all\n",
	  command_destroy },
	{ "drift", FOR_DRIFT, "", "show what moved outside since the last apply",
	  "Of what the spec manages: what was changed or deleted by others. Exits with 2 if\n"
	  "there is any. With --repair it is put back, after showing the plan.\n",
	  "  effc drift --stage prod\n"
	  "  effc drift --stage prod --repair\n",
	  command_drift },
	{ "eval", FOR_EVAL, "[EXPRESSION...]", "work expressions out; prints JSON, one a line",
	  "Without an argument it reads one from each line of standard input. Beside a\n"
	  "spec it knows what an output knows; what only an apply tells is shown as text.\n"
	  "With --json each line is {\"value\":...} or {\"diagnostics\":[...]}.\n",
	  "  effc eval 'cidrsubnet(\"10.0.0.0/16\", 8, 1)'\n"
	  "  effc eval --stage prod 'local.prefix'\n",
	  command_eval },
	{ "explain", FOR_EXPLAIN, "[TYPE[.Property]|FUNCTION|CODE]",
	  "what a resource type, property or function takes, what a mistake is",
	  "Without an argument, it lists the types that it knows; with 'functions' those of\n"
	  "expressions, with 'E' the mistakes.\n",
	  "  effc explain AWS::SQS::Queue\n"
	  "  effc explain AWS::SQS::Queue.VisibilityTimeout\n"
	  "  effc explain cidrsubnet\n"
	  "  effc explain E0412\n",
	  command_explain },
	{ "fmt", FOR_FMT, "[FILE ...]", "put the text of specs into its normal form",
	  "Without a file: the spec, what it includes and its own modules. Comments, order,\n"
	  "strings and line breaks stay. It names the files that it changes; one with\n"
	  "mistakes stays as it is. YAML is refused.\n",
	  "  effc fmt\n"
	  "  effc fmt --check infra/queues.toml\n",
	  command_fmt },
	{ "graph", FOR_GRAPH, "", "draw the resources and who needs whom",
	  "Each with what a plan against the state alone would do to it; nothing is sent. An\n"
	  "arrow points to what is needed.\n",
	  "  effc graph | dot -Tsvg > stack.svg\n"
	  "  effc graph --format mermaid --stage prod\n",
	  command_graph },
	{ "import", FOR_IMPORT, "TYPE ID", "write what exists into the spec, to be adopted",
	  "It reads the thing and puts a block at the end of the spec, with the properties that\n"
	  "differ from AWS's defaults and 'import'. Nothing else of the file changes, and\n"
	  "nothing in AWS: the next plan shows it as adopted.\n",
	  "  effc import AWS::SQS::Queue legacy-orders\n"
	  "  effc import AWS::DynamoDB::Table orders --as orders --dry-run\n",
	  command_import },
	{ "init", FOR_INIT, "", "begin a project in this folder",
	  "It writes a small spec, the handler that it names, and a line of .gitignore, and\n"
	  "changes no file that is there. The region is that of the environment or of the\n"
	  "AWS configuration unless it is given.\n",
	  "  effc init --region eu-west-1\n"
	  "  effc init --name shop --template table\n",
	  command_init },
	{ "lock", FOR_LOCK, "status|break", "who may change a stage now",
	  "An apply holds the lease of its stage, so that no second one works beside it. The\n"
	  "lease of a run that died is taken over by the next. 'break' takes it from one that\n"
	  "hangs: that one can record nothing more and stops before its next change.\n",
	  "  effc lock status --stage prod\n"
	  "  effc lock break --stage prod\n",
	  command_lock },
	{ "outputs", FOR_OUTPUTS, "", "the outputs as of the last apply",
	  "They come from the state; nothing is sent.\n",
	  "  effc outputs --stage prod --json\n",
	  command_outputs },
	{ "plan", FOR_PLAN, "", "show what apply would do; changes nothing",
	  "Signs: + create, ~ update, +/- replace (the new one comes first), -/+ replace\n"
	  "(the old one goes first), - delete, = the state only, x forget, -> rename,\n"
	  "<- adopt.\n"
	  "Exits with 4 if an apply would refuse.\n",
	  "  effc plan --stage prod --verbose\n"
	  "  effc plan --json --detailed-exitcode\n"
	  "  effc plan --stage prod --out prod.plan\n",
	  command_plan },
	{ "schema", FOR_SCHEMA, "[SERVICE ...]", "print a JSON Schema of the spec, for editors",
	  "All resource types are in it, or those of the services that are named.\n",
	  "  effc schema > .effortless.schema.json\n"
	  "  effc schema SQS SNS DynamoDB > .effortless.schema.json\n",
	  command_schema },
	{ "show", FOR_SHOW, "PLAN", "print a saved plan as 'plan' printed it",
	  "It needs neither the spec nor an account.\n",
	  "  effc show prod.plan\n"
	  "  effc show --json prod.plan\n",
	  command_show },
	{ "state", FOR_STATE, "VERB ...", "look after what effc knows of a stage",
	  "list [GLOB ...]      what there is; 'orders*' or 'module.cdn.*' chooses\n"
	  "show ADDRESS         all that is known of one, without secrets\n"
	  "move FROM TO         another address; parts and who points to it follow\n"
	  "remove ADDRESS ...   forget it: the thing stays in AWS\n"
	  "adopt ADDRESS ID     what exists becomes this stage's, as it is\n"
	  "verify               digests, edges, history, and a look at each thing in AWS\n"
	  "history              the versions that are kept, newest first\n"
	  "rollback SERIAL      make a version the current state; AWS is not changed\n"
	  "rebuild              make a state that was lost anew from what is in AWS\n"
	  "export [SERIAL]      the whole state, or a version, as one document\n",
	  "  effc state list 'orders*' --stage prod\n"
	  "  effc state move orders jobs\n"
	  "  effc state rollback 41 --stage prod\n",
	  command_state },
	{ "undo", FOR_UNDO, "[SERIAL]", "take back what the last apply did",
	  "It plans the way back to the state before it, or to a version of the history, shows\n"
	  "it and asks, as an apply does. What cannot be brought back (data, code that is not\n"
	  "kept any more, secrets of which only a hash is known) is said, and left as it is.\n",
	  "  effc undo --stage prod\n"
	  "  effc undo 41\n",
	  command_undo },
	{ "version", FOR_VERSION, "", "print the version of the program and of its data",
	  "", "  effc version --json\n", command_version },
	{ "why", FOR_WHY, "ADDRESS", "all that a plan knows of one resource",
	  "Where it stands, what happens to it and why, what caused that, what it waits for,\n"
	  "the calls that will be made, and what its policies grant.\n",
	  "  effc why orders\n"
	  "  effc why http.createOrder/role --refresh none\n",
	  command_why },
};
#define COMMAND_COUNT (sizeof(commands) / sizeof(*commands))

static void usage(FILE *out)
{
	fputs("effc: from effortless.toml to AWS\n\n"
	      "usage: effc COMMAND [OPTION ...]\n\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
	fputs("\n'effc COMMAND --help' tells the options of a command; 'man effc' tells all.\n"
	      "Start with 'effc check' beside an effortless.toml, then 'plan' and 'apply'.\n",
	      out);
}

static int unknown_command(const struct doors *doors, struct str name)
{
	struct str names[COMMAND_COUNT];
	struct str near;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = str_from_c(commands[i].name);
	near = str_nearest(name, names, COMMAND_COUNT);
	if (name.length > 0 && name.data[0] == '-') {
		fprintf(doors->err,
			"error: the command comes before its options: effc COMMAND %.*s\n"
			"help: 'effc --help' lists the commands\n",
			STR_ARG(name));
		return EXIT_ERROR;
	}
	fprintf(doors->err, "error: unknown command '%.*s'", STR_ARG(name));
	if (near.length > 0)
		fprintf(doors->err, ": did you mean '%.*s'?", STR_ARG(near));
	fputs("\nhelp: 'effc --help' lists them\n", doors->err);
	return EXIT_ERROR;
}

static void command_help(const struct doors *doors, const struct command *command, struct arena *a)
{
	struct buf out;

	buf_init(&out, a);
	buf_printf(&out, "usage: effc %s%s%s [OPTION ...]\n\n%s\n%s\n", command->name,
		   *command->arguments ? " " : "", command->arguments, command->summary,
		   command->details);
	options_help(&out, command->bit);
	buf_printf(&out, "\nfor example\n%s", command->examples);
	fwrite(out.data, 1, out.length, doors->out);
}

static void print_stats(const struct doors *doors)
{
	fprintf(doors->err,
		"stats: bytes_read=%llu bytes_allocated=%llu comparisons=%llu probes=%llu "
		"calls=%llu requests=%llu\n",
		(unsigned long long)stats.bytes_read, (unsigned long long)stats.bytes_allocated,
		(unsigned long long)stats.comparisons, (unsigned long long)stats.probes,
		(unsigned long long)stats.calls, (unsigned long long)stats.requests);
}

static int run_command(const struct command *command, int argc, char **argv,
		       const struct doors *doors, struct arena *a)
{
	struct options options = { .command = str_from_c(command->name) };
	struct error err = { 0 };
	struct run run;
	int code;

	if (!options_parse(a, argc, argv, command->bit, doors, &options, &err)) {
		fprintf(doors->err, "error: %s\n", err.text);
		return EXIT_ERROR;
	}
	if (options.help) {
		command_help(doors, command, a);
		return EXIT_DONE;
	}
	if (!*command->arguments && options.arguments.count > 0) {
		fprintf(doors->err, "error: 'effc %s' takes no argument, but got '%.*s'\n",
			command->name, STR_ARG(options.arguments.items[0]));
		return EXIT_ERROR;
	}
	run_init(&run, doors, &options);
	code = command->run(&run);
	if (!run_keep(&run))
		code = run.exit;
	run_release(&run);
	if (options.stats)
		print_stats(doors);
	return code;
}

static bool is_word(const char *word, const char *a, const char *b)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(name, commands[i].name) == 0 ||
		    (commands[i].bit == FOR_VERSION && strcmp(name, "--version") == 0))
			return &commands[i];
	return NULL;
}

static int dispatch(int argc, char **argv, const struct doors *doors, struct arena *a)
{
	/* "effc help plan" is "effc plan --help". */
	bool help = argc > 2 && is_word(argv[1], "help", "--help");
	const char *name = argv[help ? 2 : 1];
	const struct command *command = find_command(name);

	if (!command)
		return unknown_command(doors, str_from_c(name));
	if (!help)
		return run_command(command, argc, argv, doors, a);
	command_help(doors, command, a);
	return EXIT_DONE;
}

/* What follows takes every text for UTF-8. */
static bool arguments_are_text(int argc, char **argv, FILE *err)
{
	for (int i = 1; i < argc; i++) {
		if (str_is_utf8(str_from_c(argv[i])))
			continue;
		fprintf(err, "error: argument %d is no text (UTF-8)\n", i);
		return false;
	}
	return true;
}

int effc_main(int argc, char **argv, const struct doors *doors)
{
	struct arena a;
	int code;

	if (argc < 2 || (argc == 2 && (is_word(argv[1], "--help", "-h") ||
				       is_word(argv[1], "help", "help")))) {
		usage(argc < 2 ? doors->err : doors->out);
		return argc < 2 ? EXIT_ERROR : EXIT_DONE;
	}
	if (!arguments_are_text(argc, argv, doors->err))
		return EXIT_ERROR;
	arena_init(&a);
	code = dispatch(argc, argv, doors, &a);
	arena_release(&a);
	if (fflush(doors->out) != 0 || ferror(doors->out)) {
		fputs("error: cannot write to standard output\n", doors->err);
		return code ? code : EXIT_ERROR;
	}
	return code;
}
