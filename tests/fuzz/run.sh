#!/bin/sh
# Runs fuzz targets for a while each, from their corpus.  An input that fails is kept beside the
# programs and becomes a file of tests/fuzz/corpus/NAME, where `make check` holds it.
# Usage: run.sh SECONDS SRCDIR PROGRAM...

seconds=$1
srcdir=$2
shift 2
status=0

for program in "$@"; do
	name=${program##*/fuzz_}
	work=$(mktemp -d) || exit 2
	set -- "$work"
	if [ -d "$srcdir/tests/fuzz/corpus/$name" ]; then
		set -- "$@" "$srcdir/tests/fuzz/corpus/$name"
	fi
	if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
		-print_final_stats=1 -artifact_prefix="fuzz-$name-" "$@" >"fuzz-$name.log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-$name.log")
		echo "fuzz $name: passed, $runs inputs"
	else
		tail -40 "fuzz-$name.log"
		echo "fuzz $name: FAILED, see fuzz-$name.log"
		status=1
	fi
	rm -rf "$work"
done
exit $status
