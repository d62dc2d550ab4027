#!/usr/bin/env bash
# Makes sure that the programs which tests drive are there: already, or installed with apt as root, or named together
# with the command that installs them. Usage: ensure-installed.sh [--optional] chromium redis-server …
# With --optional it succeeds without them: the tests that need one are left out, and name it.
set -euo pipefail

need='The tests need'
failure=1
if [ "${1:-}" = --optional ]; then
  need='Some tests are left out without'
  failure=0
  shift
fi

# Names under which other distributions, and people, have the same program.
candidates() {
  case $1 in
    chromium) echo chromium chromium-browser google-chrome-stable google-chrome ;;
    firefox-esr) echo firefox-esr firefox ;;
    redis-server) echo redis-server valkey-server ;;
    *) echo "$1" ;;
  esac
}

package() {
  case $1 in
    nginx) echo nginx-light ;;
    fusermount3) echo fuse3 ;;
    tinyproxy) echo tinyproxy-bin ;;
    WebKitWebDriver) echo webkit2gtk-driver ;;
    Xvfb) echo xvfb ;;
    systemd-analyze) echo systemd ;;
    bwrap) echo bubblewrap ;;
    kubectl) echo kubernetes-client ;;
    *) echo "$1" ;;
  esac
}

is_there() {
  local name
  # A module for the Python of the system, which may not be the first one on the path.
  if [ "$1" = python3-websockets ]; then
    for name in /usr/bin/python3 python3; do
      if "$name" -c 'import websockets' 2> /dev/null; then return 0; fi
    done
    return 1
  fi
  # It is compiled for the system's own.
  if [ "$1" = python3-seccomp ]; then /usr/bin/python3 -c 'import seccomp' 2> /dev/null; return; fi
  for name in $(candidates "$1"); do
    if ! command -v "$name" > /dev/null; then continue; fi
    # What drives the browser speaks to no older one.
    if [ "$1" = firefox-esr ] && [ "$("$name" --version | grep -oE '[0-9]+' | head -1)" -lt 153 ]; then continue; fi
    return 0
  done
  return 1
}

missing() {
  local program
  for program in "$@"; do
    if ! is_there "$program"; then package "$program"; fi
  done
}

mapfile -t packages < <(missing "$@")
if [ ${#packages[@]} -eq 0 ]; then exit 0; fi

# How long another installation, such as unattended upgrades after a boot, may keep us from ours.
wait_seconds=${WHATSAPPD_APT_WAIT_SECONDS:-600}
apt_errors=$(mktemp)
holder=
trap 'rm -f "$apt_errors"' EXIT

# Of the locks of apt only the one of dpkg has a time-out of its own, so all are waited for here.
is_busy() { grep -Eq 'Could not get lock|Unable to (acquire|lock)' "$apt_errors"; }

with_apt_lock() {
  local deadline=$((SECONDS + wait_seconds)) patience=()
  until apt-get "${patience[@]}" "$@" > /dev/null 2> "$apt_errors"; do
    if ! is_busy || [ $SECONDS -ge $deadline ]; then return 1; fi
    if [ ${#patience[@]} -eq 0 ]; then
      # Without a time-out apt names the process.
      holder=$(grep -E -m 1 'lock' "$apt_errors")
      echo "the package manager is busy; waiting for at most $wait_seconds s: $holder" >&2
      patience=(-o DPkg::Lock::Timeout=$((wait_seconds < 10 ? wait_seconds : 10)))
    fi
    sleep 1
  done
}

install_with_apt() {
  # A package that is a service must not start one here.
  printf '#!/bin/sh\nexit 101\n' > "$1" && chmod +x "$1"
  export DEBIAN_FRONTEND=noninteractive
  # With the lists of an image that is months old apt would install what was current then.
  with_apt_lock update -qq || if is_busy; then return 1; fi
  with_apt_lock install -y -qq --no-install-recommends "${packages[@]}"
}

if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
  echo "installing ${packages[*]} for the tests …" >&2
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then policy=$(mktemp); fi
  installed=yes
  install_with_apt "$policy" || installed=no
  rm -f "$policy"
  if [ "$installed" = yes ]; then
    mapfile -t packages < <(missing "$@")
    if [ ${#packages[@]} -eq 0 ]; then exit 0; fi
  fi
fi

if is_busy; then
  echo "$need ${packages[*]}, and the package manager was busy for $wait_seconds s: $holder" >&2
  echo "Wait until it is done, then try again; or run this:" >&2
else
  cat "$apt_errors" >&2
  echo "$need ${packages[*]}, which could not be installed from here. Run this, then try again:" >&2
fi
if command -v apt-get > /dev/null; then
  echo "  sudo apt-get update && sudo apt-get install -y ${packages[*]}" >&2
elif command -v dnf > /dev/null; then
  echo "  sudo dnf install -y ${packages[*]}" >&2
elif command -v pacman > /dev/null; then
  echo "  sudo pacman -S --noconfirm ${packages[*]}" >&2
elif command -v apk > /dev/null; then
  echo "  sudo apk add ${packages[*]}" >&2
elif command -v brew > /dev/null; then
  echo "  brew install ${packages[*]}" >&2
else
  echo "  (your system's way to install: ${packages[*]})" >&2
fi
exit $failure
