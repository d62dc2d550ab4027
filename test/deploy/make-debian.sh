#!/usr/bin/env bash
# Makes a Debian with Node and npm and nothing else: the system by debootstrap, Node and npm from the npm registry. Prints where its root is.
# Usage: make-debian.sh <directory for the files, kept between runs>
set -euo pipefail
files=$1
node_version=$(sed -n 's/^ARG NODE_VERSION=//p' "$(dirname "$0")/../../deploy/docker/Dockerfile")
root=$files/bookworm-node-$node_version
if [ ! -e "$root/usr/local/lib/node_modules/npm" ]; then
  rm -rf "$root" && mkdir -p "$root"
  debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian > "$files/debootstrap.log"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
  case $(uname -m) in x86_64) platform=linux-x64 ;; aarch64) platform=linux-arm64 ;; *) exit 2 ;; esac
  (cd "$files" && npm pack --silent "node-$platform@$node_version" npm@10.8.2 > /dev/null)
  tar -xzf "$files/node-$platform-$node_version.tgz" -C "$root/usr/local" --strip-components=1 package/bin
  mkdir -p "$root/usr/local/lib/node_modules/npm.new"
  tar -xzf "$files/npm-10.8.2.tgz" -C "$root/usr/local/lib/node_modules/npm.new" --strip-components=1
  for program in npm npx; do ln -sf "../lib/node_modules/npm/bin/$program-cli.js" "$root/usr/local/bin/$program"; done
  chmod 755 "$root"/usr/local/lib/node_modules/npm.new/bin/*.js
  mv "$root/usr/local/lib/node_modules/npm.new" "$root/usr/local/lib/node_modules/npm"
fi
# Where the way to the registry goes through a proxy of the machine's own, npm trusts there what it trusts here.
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  install -D -m 644 "$NODE_EXTRA_CA_CERTS" "$root/etc/ssl/certs/ca-certificates.crt"
  mkdir -p "$root/usr/local/etc"
  echo cafile=/etc/ssl/certs/ca-certificates.crt > "$root/usr/local/etc/npmrc"
fi
echo "$root"
