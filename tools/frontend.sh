#!/usr/bin/env bash
# Builds the front end with frontend/build.py, if its sources changed since the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python="$1"
built=linli/interfaces/web/static/linli/build
[[ -f frontend/build.py ]] || exit 0
stamp="$({ cat requirements/build.txt
  find frontend linli -type d \( -name node_modules -o -name build -o -name __pycache__ \) -prune -o -type f \
    \( -path 'frontend/*' -o -path '*/static/*' -o -name '*.html' \) -print0 | sort -z | xargs -0 sha256sum; } \
  | sha256sum | cut -d' ' -f1)"
if [[ -d "$built" && "$(cat .cache/frontend-stamp 2>/dev/null)" == "$stamp" ]]; then exit 0; fi
echo "Building the front end …" >&2
"$python" frontend/build.py >&2
mkdir -p .cache
echo "$stamp" > .cache/frontend-stamp
