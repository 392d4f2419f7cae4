#!/usr/bin/env bash
# Installs what the machine itself must have, on Debian and Ubuntu.
#
#   tools/system.sh need PACKAGE...
#
# Missing packages are installed through apt, as root or through sudo, after saying so.
# Without the right to, the one line to run is printed and the exit code is 2.
set -euo pipefail

have() {
  case "$1" in
    python3-venv) "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
      || command -v google-chrome >/dev/null ;;
    *) [[ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" == "install ok installed" ]] ;;
  esac
}

# Prints the prefix under which apt may run; fails where there is none.
right() {
  if [[ "$(id -u)" == 0 ]]; then
    echo ""
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    echo "sudo"
  else
    return 1
  fi
}

need() {
  local missing=() package prefix
  for package in "$@"; do have "$package" || missing+=("$package"); done
  [[ ${#missing[@]} -eq 0 ]] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. Install them with this system's package manager, then call again." >&2
    return 2
  fi
  if ! prefix="$(right)"; then
    echo "Missing: ${missing[*]}. Run this line, then call again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
    return 2
  fi
  echo "Installing what this machine lacks: apt-get install ${missing[*]}" >&2
  # shellcheck disable=SC2086  an empty prefix must vanish
  DEBIAN_FRONTEND=noninteractive $prefix apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $prefix apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

if [[ "${1:-}" != "need" || $# -lt 2 ]]; then
  echo "usage: tools/system.sh need PACKAGE..." >&2
  exit 2
fi
shift
need "$@"
