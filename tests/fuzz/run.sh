#!/bin/sh
# Runs fuzz targets for a while each, two at a time, from their corpus.  An input that fails is kept
# beside the programs and becomes a file of tests/fuzz/corpus/NAME, where `make check` holds it.
# Usage: run.sh SECONDS SRCDIR PROGRAM...

seconds=$1
srcdir=$2
shift 2

# fuzz PROGRAM: prints what came of it; false if it failed.
fuzz() {
	program=$1
	name=${program##*/fuzz_}
	work=$(mktemp -d) || return 2
	set -- "$work"
	if [ -d "$srcdir/tests/fuzz/corpus/$name" ]; then
		set -- "$@" "$srcdir/tests/fuzz/corpus/$name"
	fi
	"$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
		-print_final_stats=1 -artifact_prefix="fuzz-$name-" "$@" >"fuzz-$name.log" 2>&1
	status=$?
	rm -rf "$work"
	if [ $status = 0 ]; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-$name.log")
		echo "fuzz $name: passed, $runs inputs"
		return 0
	fi
	tail -40 "fuzz-$name.log"
	echo "fuzz $name: FAILED, see fuzz-$name.log"
	return 1
}

failed=0
while [ $# -gt 0 ]; do
	fuzz "$1" &
	first=$!
	second=
	shift
	if [ $# -gt 0 ]; then
		fuzz "$1" &
		second=$!
		shift
	fi
	wait "$first" || failed=1
	[ -z "$second" ] || wait "$second" || failed=1
done
exit $failed
