#!/bin/sh
# Part of `make check`: every input of the corpus once through its target.

status=0
for folder in "$EFFC_SRCDIR"/tests/fuzz/corpus/*/; do
	name=$(basename "$folder")
	if ! "$EFFC_BUILDDIR/tests/fuzz/fuzz_$name" "$folder"*; then
		echo "fuzz_$name fails on its corpus"
		status=1
	fi
done
exit $status
