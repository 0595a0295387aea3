#!/usr/bin/env bash
# Makes the virtual environment in .venv and puts into it what requirements.lock pins.
# Does nothing when neither the lock nor pyproject.toml has changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."

UV="uv==0.13.9"
PYTHON="${PYTHON:-python3}"
stamp=.venv/installed
want=$(cat requirements.lock pyproject.toml hatch_build.py scripts/setup.sh | sha256sum | cut -d' ' -f1)

# PDFs: Pango draws the text, HarfBuzz's subsetter keeps the embedded fonts small and fast.
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
missing=""
for package in $packages; do
    library="${package%-0}"
    case $library in libharfbuzz-subset0) library=libharfbuzz-subset ;; esac
    ldconfig -p 2>/dev/null | grep -q "$library\.so" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing$missing" >&2
        export DEBIAN_FRONTEND=noninteractive
        { apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } >/dev/null ||
            echo "That did not work; everything but PDFs does. To try again: apt-get install$missing" >&2
    else
        echo "PDFs need system packages; everything else works without them. Install them with:" >&2
        echo "    sudo apt-get install$missing" >&2
    fi
fi

if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$want" ]; then
    echo "Installing the Python packages of requirements.lock into .venv" >&2
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Retrain needs Python 3.11 or later; name one with PYTHON=…" >&2
        exit 1
    }
    # A virtual environment that was moved or half made does not run.
    .venv/bin/python -c '' 2>/dev/null || rm -rf .venv
    [ -d .venv ] || "$PYTHON" -m venv .venv
    quiet="--quiet --disable-pip-version-check"
    # uv does in seconds what takes pip a minute. Where it is not to be had, pip does the same.
    if .venv/bin/python -m pip install $quiet "$UV" 2>/dev/null &&
        .venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements.lock; then
        :
    else
        .venv/bin/python -m pip install $quiet --require-hashes -r requirements.lock
    fi
    .venv/bin/python -m pip install $quiet --no-deps --no-build-isolation --editable .
    echo "$want" >"$stamp"
fi

# Compiled ahead, so that the program starts fast even where Python may not write what it compiled.
env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q retrain

# So is the solver's kernel, which takes a while the first time.
if [ ! -f .venv/kernel ] || [ -n "$(find retrain/timetable/solver -name '*.py' -newer .venv/kernel -print -quit)" ]; then
    rm -f retrain/timetable/solver/__pycache__/*.nb?
    .venv/bin/python -m retrain.timetable.solver.ahead && touch .venv/kernel
fi

# Compiled catalogues are not kept in the repository.
newest=$(find retrain/translations retrain/language scripts/catalogues.py \( -name "*.po" -o -name "*.py" \) -newer .venv/catalogues -print -quit 2>/dev/null || true)
if [ ! -f .venv/catalogues ] || [ -n "$newest" ]; then
    .venv/bin/python scripts/catalogues.py compile && touch .venv/catalogues
fi
