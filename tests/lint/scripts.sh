#!/bin/sh
# Every script is one that its interpreter can read.
# Usage: scripts.sh SRCDIR PYTHON

cd "$1" || exit 2
python=${2:-python3}
status=0

for file in $(find tests tools examples docs .ci -name '*.py' 2>/dev/null | LC_ALL=C sort); do
	"$python" -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])' \
		"$file" || status=1
done
for file in $(find tests tools examples docs -name '*.sh' 2>/dev/null | LC_ALL=C sort); do
	sh -n "$file" || status=1
done
exit $status
