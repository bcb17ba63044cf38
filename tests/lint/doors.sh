#!/bin/sh
# Only cli/ prints, exits or reads the environment; no #if stands inside a function; the calls that
# config.h poisons are not reached by another name.
# Usage: doors.sh SRCDIR

cd "$1" || exit 2

# The one place of a bug's last words, of running out of memory, of traces; and the program that
# compiles the data at build time, which has its own main.
exempt='base/(attr|arena|trace)\.c|schemas/datac\.c'

find base schemas spec compiler planner review bundle executor cli -name '*.[ch]' | LC_ALL=C sort |
xargs awk -v exempt="^($exempt)\$" '
function complain(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text
	failed = 1
}
FNR == 1 { comment = 0; body = 0 }
{
	line = $0
	gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
	gsub(/\/\*.*\*\//, "", line)
	if (comment) {
		if (!sub(/.*\*\//, "", line))
			next
		comment = 0
	}
	if (sub(/\/\*.*/, "", line))
		comment = 1
	padded = " " line
	if (FILENAME !~ /^cli\// && FILENAME !~ exempt) {
		if (padded ~ /[^a-zA-Z0-9_.>](printf|vprintf|puts|putchar|perror|fprintf)\(/)
			complain("only cli/ prints")
		if (padded ~ /[^a-zA-Z0-9_.>](exit|_exit|_Exit|abort)\(/)
			complain("only cli/ exits")
		if (padded ~ /[^a-zA-Z0-9_.>](getenv|secure_getenv|setenv|putenv)\(|[^a-zA-Z0-9_]environ[^a-zA-Z0-9_]/)
			complain("only cli/ reads the environment")
	}
	if (padded ~ /[^a-zA-Z0-9_.>](strcpy|strcat|sprintf|strtok|gets|atoi|alloca)\(/)
		complain("a banned call")
	if (padded ~ /__attribute__|__builtin_/ && FILENAME != "base/attr.h")
		complain("compiler extensions go through base/attr.h")
	if (padded ~ /_(GNU|DEFAULT|BSD|POSIX_C|XOPEN)_SOURCE/)
		complain("feature macros are set by the build")
	if (line ~ /^typedef struct/)
		complain("struct without typedef")
	if (line ~ /^\{/)
		body = 1
	if (line ~ /^\}/)
		body = 0
	if (body && line ~ /^[ \t]*#[ \t]*if/)
		complain("#if inside a function")
}
END { exit failed }
'
