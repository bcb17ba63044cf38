#!/bin/sh
# What is committed is also shipped, and nothing else is: distcheck alone would miss a forgotten
# test or driver.
# Usage: dist.sh SRCDIR DISTDIR

srcdir=$1
distdir=$2

if ! git -C "$srcdir" rev-parse --git-dir >/dev/null 2>&1; then
	echo "not a git checkout: nothing to compare with"
	exit 0
fi
if [ ! -d "$distdir" ]; then
	echo "$distdir was not made: a file that a local.mk lists is not there"
	exit 1
fi
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
(cd "$distdir" && find . -type f | sed 's|^\./||' | LC_ALL=C sort) >"$scratch/shipped"
git -C "$srcdir" ls-files | grep -v -e '^\.' -e '/\.' | LC_ALL=C sort >"$scratch/committed"
LC_ALL=C comm -23 "$scratch/committed" "$scratch/shipped" | sed 's/$/: committed but not shipped/' \
	>"$scratch/report"
cat "$scratch/report"
test ! -s "$scratch/report"
