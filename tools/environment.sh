#!/usr/bin/env bash
# Makes the Python environment and installs the locked packages into it, once per lock file.
#
#   tools/environment.sh FOLDER run|dev
#
# `dev` holds all that `run` holds. A stamp with the hash of the lock files says that the
# environment is as they ask; then nothing is done and no network is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder="$1" kind="$2"
python="${PYTHON:-python3}"

command -v "$python" >/dev/null || tools/system.sh need python3
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Linli needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
  exit 2
fi

files=(requirements/run.txt requirements/build.txt)
[[ "$kind" == dev ]] && files+=(requirements/dev.txt)
stamp_of() { { "$python" --version; pwd; cat "$@"; } | sha256sum | cut -d' ' -f1; }
stamp="$(stamp_of "${files[@]}")"
mark="$folder/linli-$kind"
[[ -x "$folder/bin/python" && "$(cat "$mark" 2>/dev/null)" == "$stamp" ]] && exit 0

if [[ ! -x "$folder/bin/pip" ]]; then
  tools/system.sh need python3-venv
  echo "Creating the Python environment in $folder …" >&2
  "$python" -m venv "$folder"
fi
echo "Installing locked packages (once; a few minutes) …" >&2
options=(-qq --disable-pip-version-check --no-input --require-hashes)
for file in "${files[@]}"; do "$folder/bin/pip" install "${options[@]}" -r "$file" >&2; done
# The checkout itself, so that the program `linli` stands beside the others.
site="$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
pwd > "$site/linli-checkout.pth"
cat > "$folder/bin/linli" <<PROGRAM
#!$(pwd)/$folder/bin/python
from linli.interfaces.cli.main import run
run()
PROGRAM
chmod +x "$folder/bin/linli"
echo "$stamp" > "$mark"
# What the tests need holds what running needs.
if [[ "$kind" == dev ]]; then stamp_of requirements/run.txt requirements/build.txt > "$folder/linli-run"; fi
