#!/bin/sh
# Runs the conformance suites: run.sh HELPER PYTHON SRCDIR FOLDER.  Fails at the end if one failed.
# FOLDER is looked for here, then beside the sources.
helper=$1
python=$2
folder=$4
status=0

if [ -n "$folder" ] && [ ! -e "$folder" ]; then
	folder=$3/$folder
fi

if [ -z "$folder" ]; then
	echo "conformance: skipped: no suites (make conformance CONFORMANCE=../shared/conformance)"
	exit 0
fi
if [ ! -e "$folder/run_protocol.py" ]; then
	echo "conformance: no suites in '$folder'" >&2
	exit 1
fi

# runner NAME FILE [OPTION...]: prints its last line, or everything if it failed.
runner() {
	name=$1 file=$2
	shift 2
	printf 'conformance: %s: ' "$name"
	if output=$(PYTHONDONTWRITEBYTECODE=1 "$python" "$folder/$file" "$@" 2>&1); then
		printf '%s\n' "$output" | tail -n 1
	else
		printf 'FAILED\n%s\n' "$output"
		status=1
	fi
}

runner toml run_toml.py --decoder "$helper toml-decoder" --encoder "$helper toml-encoder" \
	--toml 1.1 --cases "$folder/toml-test"
# The values of each document are those of what effc fmt makes of it.
runner fmt run_toml.py --decoder "$helper toml-formatter" --toml 1.1 --cases "$folder/toml-test"
runner sigv4 run_sigv4.py --signer "$helper sigv4-signer" --cases "$folder/sigv4" --no-v4a
runner protocols run_protocol.py --cmd "$helper protocol" --cases "$folder/protocols"
runner json run_vectors.py --suite json --cmd "$helper json-parser" --cases "$folder/json"
# A spec has no null and no key twice.
runner json-spec run_vectors.py --suite json --cmd "$helper json-spec" --cases "$folder/json" \
	--skip y_array_heterogeneous.json --skip y_array_null.json --skip y_structure_lonely_null.json \
	--skip y_array_with_several_null.json --skip 'y_object_duplicated_key*'
# Three that libyaml reads as another text, so that we refuse them: '?' before text in [ ] and { },
# and an anchor with a colon in its name.
runner yaml run_vectors.py --suite yaml --cmd "$helper yaml-loader" --cases "$folder/yaml" \
	--skip 652Z/0 --skip HM87/1 --skip Y2GN/0
# The chain of roles and configured endpoints come with their sources of credentials.
runner profiles run_vectors.py --suite profiles --cmd "$helper profile-reader" \
	--cases "$folder/profiles" --filter 'parser/*' --filter 'location/*'
exit $status
