#!/usr/bin/env bash
# Creates .venv with the first Python on this machine that is new enough. PYTHON=… names another.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' '' "$@" >&2
    exit 1
}

# Every match on PATH, not just the first: a version manager's shim may stand before a Python
# that works. That it answers is the test, because a shim exists for versions it would refuse.
python=""
# shellcheck disable=SC2046  # one path a line; a Python below a path with spaces is not found
for candidate in ${PYTHON:-$(type -aP python3.13 python3.12 python3.14 python3 || true)}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
        python=$candidate
        break
    fi
done

[[ -n $python ]] || fail "Es fehlt ein Python ab 3.12 (gesucht: python3.13, python3.12, python3.14, python3)." \
    "Debian 13, Ubuntu ab 24.04: sudo apt-get install python3 python3-venv" \
    "Sonst, zum Beispiel mit pyenv: pyenv install 3.13" \
    "Liegt es an besonderem Ort: make demo PYTHON=/pfad/zu/python3.13"

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
    "Python $version ist da, aber ohne venv. Abhilfe: sudo apt-get install python$version-venv"

echo "Lege die Umgebung .venv mit Python $version an …"
"$python" -m venv --clear .venv
