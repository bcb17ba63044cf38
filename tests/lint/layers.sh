#!/bin/sh
# Arrows between folders point one way.  Fails a file that includes from above, a private header of
# another folder, a library away from its home, or its own folder by a path.
# Usage: layers.sh SRCDIR

cd "$1" || exit 2

find base schemas spec compiler planner review bundle executor cli -name '*.[ch]' | LC_ALL=C sort |
xargs awk '
function allow(folder, list,    parts, n, i) {
	n = split(list, parts, " ")
	known[folder] = 1
	for (i = 1; i <= n; i++)
		may[folder, parts[i]] = 1
}
function publish(folder, list,    parts, n, i) {
	n = split(list, parts, " ")
	for (i = 1; i <= n; i++)
		public[folder "/" parts[i]] = 1
}
# The folder of a path, a subfolder of executor/ being one of its own.
function folder_of(path,    parts, n) {
	n = split(path, parts, "/")
	if (parts[1] == "executor" && n > 2)
		return parts[1] "/" parts[2]
	return parts[1]
}
function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	failed = 1
}
BEGIN {
	allow("base", "")
	allow("schemas", "base")
	allow("spec", "base")
	allow("compiler", "base schemas spec")
	# Expressions that wait for an output are evaluated again once it is known.
	allow("planner", "base schemas spec compiler")
	allow("review", "base schemas compiler planner")
	allow("bundle", "base")
	allow("executor/net", "base")
	allow("executor/aws", "base schemas executor/net")
	allow("executor/driver", "base schemas planner executor/aws")
	allow("executor/store", "base planner executor/aws")
	allow("executor", "base schemas compiler planner executor/net executor/aws" \
	      " executor/driver executor/store")
	allow("cli", "base schemas spec compiler planner review bundle executor executor/net executor/aws" \
	      " executor/driver executor/store")

	publish("base", "arena.h attr.h buf.h clock.h diag.h error.h fs.h hash.h json.h library.h map.h regex.h" \
		" stats.h str.h trace.h utf8.h value.h vec.h yaml.h")
	publish("schemas", "actions.h schema.h driver.h permissions.h scope.h steps.h wire.h")
	publish("spec", "convert.h expr.h fmt.h function.h spec.h toml_write.h")
	publish("compiler", "address.h cloudformation.h json_schema.h lowered.h model.h")
	publish("planner", "inverse.h plan.h revision.h secret.h state.h")
	publish("review", "drift.h needs.h review.h saved.h why.h")
	publish("bundle", "bundle.h")
	publish("executor", "apply.h found.h observe.h session.h")
	publish("executor/net", "transport.h")
	publish("executor/aws", "aws.h")
	publish("executor/driver", "op.h pages.h")
	publish("executor/store", "remote.h store.h")

	home["curl/"] = "executor/net/"
	home["dlfcn"] = "base/library.c"
	home["mbedtls/"] = "base/hash.c"
	home["pcre2.h"] = "base/regex.c"
	home["yaml.h"] = "base/yaml.c"
	home["expat.h"] = "executor/aws/"
	home["sqlite3.h"] = "executor/store/"
	home["zip.h"] = "bundle/"
	home["check.h"] = "tests/"
}
/^[ \t]*#[ \t]*include[ \t]*</ {
	match($0, /<[^>]*>/)
	name = substr($0, RSTART + 1, RLENGTH - 2)
	for (library in home) {
		if (index(name, library) == 1 && index(FILENAME, home[library]) != 1)
			complain("<" name "> has its home in " home[library])
	}
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
	match($0, /"[^"]*"/)
	name = substr($0, RSTART + 1, RLENGTH - 2)
	from = folder_of(FILENAME)
	depth = split(FILENAME, unused, "/")
	if (index(name, "..")) {
		complain("\"" name "\": no way up, name the folder")
	} else if (name !~ /\//) {
		next
	} else if (folder_of(name) == from) {
		if (depth == split(from, unused, "/") + 1)
			complain("\"" name "\": inside a folder, the bare name")
	} else if (!(folder_of(name) in known)) {
		# A subfolder of ones own, such as kind/ in compiler/.
		if (system("test -f \"" from "/" name "\"") != 0)
			complain("\"" name "\": no such folder")
	} else if (!((from, folder_of(name)) in may)) {
		complain("\"" name "\": " from "/ may not include from " folder_of(name) "/")
	} else if (!(name in public)) {
		complain("\"" name "\" is private to " folder_of(name) "/")
	}
}
END { exit failed }
'
