#!/usr/bin/env bash
# Renews the locks after a change in pyproject.toml. Needs uv; the locks themselves need only pip.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
lock pyproject.toml requirements/build.in -o requirements/demo.txt
lock pyproject.toml requirements/build.in --extra dev -c requirements/demo.txt -o requirements/dev.txt
lock pyproject.toml requirements/build.in --extra dev --extra bench -c requirements/dev.txt -o requirements/bench.txt
