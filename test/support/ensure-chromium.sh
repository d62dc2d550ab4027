#!/usr/bin/env bash
# Makes sure that the browser tests find Chromium: there already, installed with apt as root, or named with the command that installs it.
set -euo pipefail

for name in chromium chromium-browser google-chrome-stable google-chrome; do
  if command -v "$name" > /dev/null; then exit 0; fi
done

install_with_apt() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends chromium > /dev/null 2>&1 ||
    { apt-get update -qq > /dev/null 2>&1 && apt-get install -y -qq --no-install-recommends chromium > /dev/null; }
}

if command -v apt-get > /dev/null && [ "$(id -u)" = 0 ]; then
  echo 'installing Chromium for the browser tests …' >&2
  if install_with_apt && command -v chromium > /dev/null; then exit 0; fi
fi

echo 'The browser tests need Chromium, and it could not be installed from here. Run this, then try again:' >&2
if command -v apt-get > /dev/null; then
  echo '  sudo apt-get update && sudo apt-get install -y chromium' >&2
elif command -v dnf > /dev/null; then
  echo '  sudo dnf install -y chromium' >&2
elif command -v pacman > /dev/null; then
  echo '  sudo pacman -S --noconfirm chromium' >&2
elif command -v apk > /dev/null; then
  echo '  sudo apk add chromium' >&2
elif command -v brew > /dev/null; then
  echo '  brew install --cask chromium' >&2
else
  echo '  (your system'"'"'s way to install chromium)' >&2
fi
exit 1
