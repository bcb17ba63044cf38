#!/bin/sh
# Part of `make check`: the layers of the tree hold, and the lint would notice if they did not.

lint=$EFFC_SRCDIR/tests/lint/layers.sh
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# refuses PATH INCLUDE WORDS: a file with that include is refused with these words.
refuses()
{
	rm -rf "$scratch/tree"
	for folder in base schemas spec compiler planner review bundle executor/net executor/aws \
		      executor/driver executor/store cli; do
		mkdir -p "$scratch/tree/$folder"
	done
	echo "#include $2" >"$scratch/tree/$1"
	if sh "$lint" "$scratch/tree" >"$scratch/out"; then
		echo "$1 may include $2, but must not"
		exit 1
	fi
	if ! grep -q -e "$3" "$scratch/out"; then
		echo "$1 with $2: expected '$3', found:"
		cat "$scratch/out"
		exit 1
	fi
}

refuses base/a.c '"spec/spec.h"' 'base/ may not include from spec/'
refuses planner/a.c '"executor/apply.h"' 'may not include from executor/'
refuses executor/net/a.c '"executor/aws/aws.h"' 'may not include from executor/aws/'
refuses compiler/a.c '"spec/toml_lexer.h"' 'private to spec/'
refuses planner/a.c '"planner/plan.h"' 'the bare name'
refuses planner/a.c '"../base/str.h"' 'no way up'
refuses planner/a.c '<sqlite3.h>' 'has its home in executor/store/'
refuses base/json.c '<mbedtls/md.h>' 'has its home in base/hash.c'

sh "$lint" "$EFFC_SRCDIR"
