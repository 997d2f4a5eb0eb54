#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes tests/approved/ and tests/event_chains/*.approved.txt anew from what the program prints now.
# Read the diff before you keep it.
set -euo pipefail
cd "$(dirname "$0")/.."
KAFKASIM_REWRITE=1 "${1:-build/dev}/kafkasim_tests" "transcript: *,lab terminal*" || true
KAFKASIM_REWRITE=1 "${1:-build/dev}/kafkasim_tests" "event chain: *" || true
git --no-pager diff --stat -- tests/approved tests/event_chains
