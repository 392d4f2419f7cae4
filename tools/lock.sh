#!/usr/bin/env bash
# Writes requirements/*.txt anew from requirements/*.in, with hashes and without naming any index.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
compile="$1"
options=(--quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links)
[[ -n "${UPGRADE:-}" ]] && options+=(--upgrade)
for name in run build dev; do
  "$compile" "${options[@]}" --output-file "requirements/$name.txt" "requirements/$name.in"
done
