#!/bin/sh
# Installs what the tests need and runs them all: a sanitized build with its unit, golden and
# emulator tests, the conformance suites, lint, a build with small limits, distcheck and each fuzz
# target for a while.  The last line is `N passed, M failed, K skipped`, counted in parts; a part
# that cannot run is skipped with its reason.
#
# CONFORMANCE   the folder of the suites (../shared/conformance where that is there)
# FUZZ_SECONDS  for each target (10)
# JOBS          of make (2)
# PARTS         names of the parts to run (all)

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
jobs=${JOBS:-2}
seconds=${FUZZ_SECONDS:-10}
suites=${CONFORMANCE:-$here/../shared/conformance}
work=$(mktemp -d) || exit 2
summary=$work/summary
running=
passed=0
failed=0
skipped=0
: >"$summary"

# timeout passes it on to everything that the part started.
stop() {
	[ -n "$running" ] && kill "$running" && wait "$running"
	exit 130
}
trap stop INT TERM HUP

note() {
	printf '%-14s %s\n' "$1" "$2" >>"$summary"
}

wanted() {
	[ -z "$PARTS" ] && return 0
	case " $PARTS " in *" $1 "*) return 0 ;; esac
	return 1
}

skip() {
	skipped=$((skipped + 1))
	note "$1" "skipped: $2"
	echo "== $1: skipped: $2"
}

# part NAME LIMIT_S COMMAND...: its output goes to a log that is shown where it fails.  A command
# that exits with 77, or whose last line says so, was skipped.
part() {
	name=$1
	limit=$2
	log=$work/$name.log
	shift 2
	wanted "$name" || return 0
	start=$(date +%s)
	echo "== $name"
	timeout -k 30 "$limit" "$@" >"$log" 2>&1 </dev/null &
	running=$!
	wait "$running"
	status=$?
	running=
	took=$(($(date +%s) - start))
	reason=$(tail -n 3 "$log" | sed -n 's/.*skipped: *//p' | tail -n 1)
	if [ -n "$reason" ] && { [ $status = 0 ] || [ $status = 77 ] ||
				 grep -q 'Error 77$' "$log"; }; then
		skip "$name" "$reason"
		return 0
	fi
	if [ $status = 0 ]; then
		passed=$((passed + 1))
		note "$name" "passed, $took s$(detail "$log")"
		return 0
	fi
	failed=$((failed + 1))
	[ $status = 124 ] && echo "it took longer than $limit s"
	note "$name" "FAILED, $took s (log above)"
	tail -n 150 "$log"
	echo "== $name: FAILED with status $status"
	return 1
}

# The counts that a part printed, on one line.
detail() {
	sed -n -e 's/^# \(TOTAL\|PASS\|SKIP\): */\1 /p' -e '/^[0-9]* passed, [0-9]* failed/p' \
	       -e 's/^conformance: \(.*passed.*\)/\1/p' -e 's/^fuzz \(.*passed.*\)/\1/p' "$1" |
	awk 'NR <= 12 { printf "; %s", $0 }'
}

configure() {
	mkdir -p "$work/$1" && cd "$work/$1" && shift && "$here/configure" -q PYTHON="$python" "$@"
}

build_sanitized() {
	configure sanitized --enable-werror --enable-sanitizers && make -s -j"$jobs"
}

in_sanitized() {
	cd "$work/sanitized" && make -s -j"$jobs" "$@"
}

small_limits() {
	configure small --enable-small-limits CFLAGS='-g -O1' &&
	make -s -j"$jobs" check VERBOSE=1
}

# Of the program as people build it.
bench() {
	configure plain && make -s -j"$jobs" && make -s bench
}

distcheck() {
	configure plain && make -s -j"$jobs" distcheck VERBOSE=1 \
		DISTCHECK_CONFIGURE_FLAGS="PYTHON=$python" AM_MAKEFLAGS="-j$jobs"
}

fuzz() {
	configure fuzz --enable-fuzzing && make -s -j"$jobs" fuzz SECONDS="$seconds"
}

# A function as a part of its own process, so that the time limit holds.
case ${1:-} in
--part)
	python=$EFFC_TEST_PYTHON
	work=$EFFC_TEST_WORK
	shift
	"$@"
	exit
	;;
esac

echo "== install"
if ! sh "$here/tests/install-debian.sh" tests >"$work/install.log" 2>&1; then
	cat "$work/install.log"
	echo "install        FAILED"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
fi
python=$(tail -n 1 "$work/install.log")
EFFC_TEST_PYTHON=$python EFFC_TEST_WORK=$work
export EFFC_TEST_PYTHON EFFC_TEST_WORK
if [ ! -x "$here/configure" ] || [ "$here/configure.ac" -nt "$here/configure" ]; then
	(cd "$here" && autoreconf -fi) >"$work/autoreconf.log" 2>&1 || cat "$work/autoreconf.log"
fi

run=$here/tests/run-all.sh
if part build 900 sh "$run" --part build_sanitized; then
	part check 600 sh "$run" --part in_sanitized check VERBOSE=1
	part check-emulator 1200 sh "$run" --part in_sanitized check-emulator
	part check-catalogue 900 sh "$run" --part in_sanitized check-catalogue
	if [ -f "$suites/run_vectors.py" ]; then
		part conformance 600 sh "$run" --part in_sanitized conformance CONFORMANCE="$suites"
	else
		wanted conformance && skip conformance "no suites in '$suites'"
	fi
	part check-terraform 600 sh "$run" --part in_sanitized check-terraform
	part lint 120 sh "$run" --part in_sanitized lint
else
	for name in check check-emulator conformance lint; do
		wanted "$name" && skip "$name" "there is no build"
	done
fi
part small-limits 600 sh "$run" --part small_limits
part bench 600 sh "$run" --part bench
part distcheck 900 sh "$run" --part distcheck
part fuzz 900 sh "$run" --part fuzz

echo
cat "$summary"
if [ $failed = 0 ]; then
	rm -rf "$work"
else
	echo "logs and builds are kept in $work"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
