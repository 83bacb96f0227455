#!/bin/sh
# Installs Debian packages for which there is no PyPI way; says clearly what to do when it may not.
set -eu
if [ "$(id -u)" != 0 ]; then
	echo "needed from Debian: $*  -- run as root: apt-get install $*" >&2
	exit 3
fi
command -v apt-get >/dev/null || { echo "needed: $* (no apt-get here; install it your way)" >&2; exit 3; }
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
