#!/usr/bin/env bash
# In the activated environment: the packages at the versions of the lock, hashes included.
set -euo pipefail
cd "$(dirname "$0")/.."
# The lock is complete; --no-deps keeps out what pyproject.toml overrides ([tool.uv]).
pip install --no-deps --require-hashes --requirement requirements/dev.txt
pip install --no-deps --no-build-isolation --editable .
