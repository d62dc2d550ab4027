#!/usr/bin/env bash
# Makes a base image under the name that the Dockerfile asks for, where no registry of images is to be had (make-debian.sh).
# Usage: make-node-image.sh <buildah storage> <directory for the files, kept between runs>
set -euo pipefail
storage=$1 files=$2
node_version=$(sed -n 's/^ARG NODE_VERSION=//p' "$(dirname "$0")/../../deploy/docker/Dockerfile")
name=docker.io/library/node:$node_version-bookworm-slim
buildah=(buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs)
root=$(bash "$(dirname "$0")/make-debian.sh" "$files")
if "${buildah[@]}" inspect --type image "$name" > /dev/null 2>&1; then exit 0; fi
container=$("${buildah[@]}" from scratch)
"${buildah[@]}" add --quiet "$container" "$root" / > /dev/null
"${buildah[@]}" config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --cmd node "$container"
"${buildah[@]}" commit --quiet --rm "$container" "$name" > /dev/null
