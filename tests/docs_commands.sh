#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# usage: docs_commands.sh BINARY
# Runs what README*.md and docs/*.md tell a reader to type: each line "$ COMMAND" in a ```console block. "kafkasim" is
# BINARY, "./dev run" is "BINARY run"; other ./dev commands are left to the tests and to CI. A command must exit 0, or
# with N if the text shows "$ echo $?" and "N" right after it. A line the block shows below a command must be among
# what the command prints, unless it is "..." .
set -euo pipefail

binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
[ -x "$binary" ] || { echo "skipped: $binary is not built"; exit 77; }
ls scenarios/*.json >/dev/null 2>&1 || { echo "skipped: there are no scenarios"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$binary" "$work/bin/kafkasim"
ln -s "$PWD/scenarios" "$work/scenarios"
printed=$work/printed

ran=0
failed=0
command="" where="" status=0 expected_status=0 asking=no

finish_command() {
    [ -n "$command" ] || return 0
    if [ "$status" != "$expected_status" ]; then
        echo "$where: '$command' exited $status, expected $expected_status:"
        tail -n 5 "$printed"
        failed=$((failed + 1))
    fi
    command=""
}

start_command() {
    finish_command
    case $1 in
        "./dev run "*) command="kafkasim run ${1#./dev run }" ;;
        "./dev "*) return 0 ;;
        *build/release/kafkasim*) command=${1//build\/release\/kafkasim/kafkasim} ;;
        *) command=$1 ;;
    esac
    expected_status=0 status=0 asking=no
    ran=$((ran + 1))
    (cd "$work" && PATH="$work/bin:$PATH" timeout 60 bash -c "$command") >"$printed" 2>&1 </dev/null || status=$?
}

shown_line() {
    [ -n "$command" ] && [ -n "$1" ] && [ "$1" != "..." ] || return 0
    if [ $asking = yes ]; then
        expected_status=$1
    elif ! grep -qF -- "$1" "$printed"; then
        echo "$where: '$command' does not print: $1"
        failed=$((failed + 1))
    fi
}

for document in README.md README.ko.md docs/*.md; do
    [ -e "$document" ] || continue
    in_block=no number=0
    while IFS= read -r line; do
        number=$((number + 1))
        case $in_block:$line in
            no:'```console') in_block=yes ;;
            yes:'```')
                finish_command
                in_block=no
                ;;
            yes:'$ echo $?') asking=yes ;;
            yes:'$ '*)
                where=$document:$number
                start_command "${line#$ }"
                ;;
            yes:*) shown_line "$line" ;;
        esac
    done <"$document"
done

echo "$ran commands of the documents run, $failed complaints"
[ $ran -gt 0 ] && [ $failed = 0 ]
