#!/bin/sh
# Installs on Debian 12 (or a relative of it) what effc needs, and only what is missing.  The last
# line of output is the Python to use: the system's where it has moto, else one in a virtual
# environment of ours.
# Usage: install-debian.sh [build|emulator|tests]
#   build     to build and run effc
#   emulator  that, and an emulator of AWS
#   tests     all of that, and what every test needs
set -eu

part=${1:-tests}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
environment=${EFFC_VENV:-$here/.venv}

build='gcc make autoconf automake pkg-config libc6-dev libcurl4-openssl-dev libyaml-dev
	libsqlite3-dev libexpat1-dev libzip-dev libpcre2-dev libmbedtls-dev python3 ca-certificates'
tests='check clang libclang-rt-dev git openssl xz-utils g++ libtomlplusplus-dev graphviz chromium'

case $part in
build | emulator) wanted=$build ;;
tests) wanted="$build $tests" ;;
*) echo "usage: install-debian.sh [build|emulator|tests]" >&2; exit 2 ;;
esac

has_moto() {
	command -v "$1" >/dev/null && "$1" -c 'import boto3, moto, moto.server' 2>/dev/null
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install PACKAGE...: those that are not there yet.
install() {
	missing=
	for package in "$@"; do
		state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || :)
		[ "$state" = 'install ok installed' ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "installing:$missing"
	as_root apt-get update -qq
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
	# shellcheck disable=SC2086
	install $wanted
else
	echo "no apt-get: taking it that these are installed:" $wanted
fi

python=python3
if [ "$part" != build ] && ! has_moto python3; then
	python=$environment/bin/python3
	if ! has_moto "$python"; then
		command -v apt-get >/dev/null && install python3-venv
		python3 -m venv "$environment"
		"$environment/bin/pip" install --quiet --disable-pip-version-check \
			'moto[server]>=5.1,<6' boto3
	fi
fi
command -v "$python"
