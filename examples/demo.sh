#!/bin/sh
# From a fresh Debian 12 to plan, apply, plan, destroy of examples/shop against an emulator of AWS on loopback.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
emulator=

stop() {
	if [ -n "$emulator" ]; then kill "$emulator" 2>/dev/null || :; fi
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }

say "install what is needed"
python=$(sh "$here/tests/install-debian.sh" emulator | tail -n 1)

say "build"
mkdir -p "$work/build"
[ -x "$here/configure" ] || (cd "$here" && autoreconf -fi >/dev/null)
(cd "$work/build" && "$here/configure" -q && make -s -j2 effc)

say "start the emulator"
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$python" -m moto.server -H 127.0.0.1 -p "$port" >"$work/emulator.log" 2>&1 &
emulator=$!
tries=0
until "$python" -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null; do
	tries=$((tries + 1))
	if [ "$tries" -gt 150 ]; then cat "$work/emulator.log"; exit 1; fi
	sleep 0.2
done

cp -R "$here/examples/shop" "$work/shop"
cd "$work/shop"
export AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test EFF_LOCAL_STATE=1

say "effc plan"
"$work/build/effc" plan
say "effc apply --yes"
"$work/build/effc" apply --yes
say "effc plan: nothing to do"
"$work/build/effc" plan --detailed-exitcode
say "effc destroy --yes --allow-data-loss all"
"$work/build/effc" destroy --yes --allow-data-loss all
say "done: the account is as it was"
