#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: digest_across_builds.sh BUILD_FOLDER
# Every scenario, and a handful of random ones, has the same digest in each of the builds named by KAFKASIM_BUILDS (by default all: dev release
# sanitize) whose kafkasim is in BUILD_FOLDER, and another digest with another seed. Exits 77, skipped, if fewer than
# two are there.
set -euo pipefail

binaries=()
for build in ${KAFKASIM_BUILDS:-dev release sanitize}; do
    [ -x "$1/$build/kafkasim" ] && binaries+=("$1/$build/kafkasim")
done
[ ${#binaries[@]} -ge 2 ] || { echo "skipped: fewer than two builds are there"; exit 77; }
find scenarios -name "*.json" | grep -q . || { echo "skipped: there are no scenarios"; exit 77; }

# A claim may need the file's own seed: what another one comes to is not asked here, only that it ends with a digest.
digest() { { "$1" run "$2" --seed "$3" || [ $? = 1 ]; } | sed -nE 's/.*digest:? *(0x)?([0-9a-f]{8,}).*/\2/p' | tail -n 1; }

failed=0
for scenario in $(find scenarios -name "*.json" | LC_ALL=C sort); do
    expected=$(digest "${binaries[0]}" "$scenario" 1)
    if [ -z "$expected" ]; then
        echo "$scenario: ${binaries[0]} printed no digest"
        failed=1
        continue
    fi
    for binary in "${binaries[@]}"; do
        found=$(digest "$binary" "$scenario" 1)
        if [ "$found" != "$expected" ]; then
            echo "$scenario: $binary has digest $found, ${binaries[0]} has $expected"
            failed=1
        fi
    done
    other=$(digest "${binaries[0]}" "$scenario" 2)
    if [ "$other" = "$expected" ]; then
        echo "$scenario: seeds 1 and 2 have the same digest, $expected"
        failed=1
    fi
done
# Random scenarios of groups: the sum names what was found, and the digest of all.
sweep() { { "$1" fuzz --profile groups --seeds 1..8 || [ $? = 1 ]; } | tail -n 1; }
expected=$(sweep "${binaries[0]}")
for binary in "${binaries[@]:1}"; do
    found=$(sweep "$binary")
    if [ "$found" != "$expected" ]; then
        printf '%s\n' "fuzz: $binary says $found" "  ${binaries[0]} says $expected"
        failed=1
    fi
done
[ $failed = 0 ] && echo "${#binaries[@]} builds agree"
exit $failed
