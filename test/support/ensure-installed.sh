#!/usr/bin/env bash
# Makes sure that the programs which tests drive are there: already, or installed with apt as root, or named together
# with the command that installs them. Usage: ensure-installed.sh chromium redis-server …
set -euo pipefail

# Names under which other distributions, and people, have the same program.
candidates() {
  case $1 in
    chromium) echo chromium chromium-browser google-chrome-stable google-chrome ;;
    redis-server) echo redis-server valkey-server ;;
    *) echo "$1" ;;
  esac
}

package() {
  case $1 in
    nginx) echo nginx-light ;;
    *) echo "$1" ;;
  esac
}

is_there() {
  local name
  for name in $(candidates "$1"); do
    if command -v "$name" > /dev/null; then return 0; fi
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

install_with_apt() {
  # A package that is a service must not start one here.
  printf '#!/bin/sh\nexit 101\n' > "$1" && chmod +x "$1"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null 2>&1 ||
    { apt-get update -qq > /dev/null 2>&1 && apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null; }
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

echo "The tests need ${packages[*]}, which could not be installed from here. Run this, then try again:" >&2
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
exit 1
