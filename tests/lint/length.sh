#!/bin/sh
# Lists the longest functions and files.  Fails on a line past 100 columns (of tests and scripts past 120)
# and on a file past 700 lines.  A long function is listed, for a reader to judge.
# Usage: length.sh SRCDIR

cd "$1" || exit 2

files=$(find base schemas spec compiler planner review bundle executor cli tests tools -name '*.[ch]' \
	-o -name '*.py' -o -name '*.sh' | LC_ALL=C sort)

echo "longest files:"
# shellcheck disable=SC2086
wc -l $files | grep -v ' total$' | sort -rn | head -5

echo "longest functions:"
find base schemas spec compiler planner review bundle executor cli -name '*.c' | LC_ALL=C sort | xargs awk '
/^[a-zA-Z].*\(/ && !/;[ \t]*$/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
/^\{/ { start = FNR }
/^\}/ && start {
	print FNR - start + 1, FILENAME ":" start, name
	start = 0
}' | sort -rn | head -10

# shellcheck disable=SC2086
LC_ALL=C.UTF-8 awk '
FNR == 1 && previous && lines > 700 { print previous ": " lines " lines"; failed = 1 }
{
	previous = FILENAME
	lines = FNR
	columns = 0
	n = split($0, part, "\t")
	for (i = 1; i < n; i++)
		columns += length(part[i]) + 8 - (columns + length(part[i])) % 8
	columns += length(part[n])
	if (columns > (FILENAME ~ /^tests\/|\.py$|\.sh$/ ? 120 : 100)) {
		print FILENAME ":" FNR ": " columns " columns"
		failed = 1
	}
}
END {
	if (lines > 700) { print previous ": " lines " lines"; failed = 1 }
	exit failed
}' $files
