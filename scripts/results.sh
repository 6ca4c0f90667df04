# Runs the stages of the tests, saves their results, and adds them up.
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash

# All scripts of a test run append to it, including those in another release's root: $RESULTS/table has lines of
# release, stage, passed, failed, skipped, seconds, seconds of processor time; $RESULTS/notes has what did not pass; a
# folder for each stage has its output and its JUnit files.
RESULTS=$BUILD_ROOT/results

# Runs a stage: release, name, command. STAGE_DIR is the stage's folder, empty at the start. If the command leaves JUnit
# files there, their tests count, otherwise the stage is one check. Sets STAGE_STATUS. The script continues after a
# failure.
stage() {
    local release=$1 name=$2 began=$SECONDS counts cpu TIMEFORMAT='%U %S'
    shift 2
    STAGE_DIR=$RESULTS/$release-${name//[^a-z0-9]/-}
    rm -rf "$STAGE_DIR"
    mkdir -p "$STAGE_DIR"
    printf '== %-9s %-28s ' "$release" "$name"
    set +e # not '||', which would switch errexit off within the command
    { time { (set -e; "$@") >"$STAGE_DIR/log" 2>&1 </dev/null; }; } 2>"$STAGE_DIR/time"
    STAGE_STATUS=$?
    set -e
    cpu=$(awk '{ printf "%.0f", $1 + $2 }' "$STAGE_DIR/time")
    counts=$("$PYTHON" "$SOURCE_DIR/scripts/junit.py" "$STAGE_DIR" "$STAGE_STATUS" "$release $name" "$RESULTS/notes")
    printf '%s\t%s\t%s\t%s\t%s\n' "$release" "$name" "$counts" $((SECONDS - began)) "$cpu" >>"$RESULTS/table"
    show_stage "$counts" $((SECONDS - began))
}

show_stage() {
    local passed failed skipped
    read -r passed failed skipped <<<"$1"
    if [[ $failed -gt 0 ]]; then
        printf 'FAILED  %s passed, %s failed, %s skipped  %s s\n' "$passed" "$failed" "$skipped" "$2"
        echo "   the end of $STAGE_DIR/log:"
        tail -n 100 "$STAGE_DIR/log" | sed 's/^/   | /'
    else
        printf 'ok  %s passed, %s skipped  %s s\n' "$passed" "$skipped" "$2"
    fi
}

# Notes something that could not be run at all.
not_run() {
    printf '== %-9s %-28s not run: %s\n' "$1" "$2" "$3"
    printf 'not run: %s %s: %s\n' "$1" "$2" "$3" >>"$RESULTS/notes"
}

# Notes something that is not run on a release because it is run elsewhere: release, what, reason.
left_out() {
    printf 'left out: %s %s: %s\n' "$1" "$2" "$3" >>"$RESULTS/notes"
}

start_results() {
    rm -rf "$RESULTS"
    mkdir -p "$RESULTS"
    : >"$RESULTS/table"
    : >"$RESULTS/notes"
}

# Prints the table, what did not pass and why, with failures last, and the final count. Fails when a test failed or none
# passed.
print_totals() {
    local table='%-9s %-28s %7s %7s %7s %7s %7s\n' release name passed failed skipped seconds cpu
    local -i all_passed=0 all_failed=0 all_skipped=0 all_cpu=0
    echo
    # shellcheck disable=SC2059
    printf "$table" release stage passed failed skipped seconds cpu
    while IFS=$'\t' read -r release name passed failed skipped seconds cpu; do
        # shellcheck disable=SC2059
        printf "$table" "$release" "$name" "$passed" "$failed" "$skipped" "$seconds" "$cpu"
        all_passed+=$passed all_failed+=$failed all_skipped+=$skipped all_cpu+=$cpu
    done <"$RESULTS/table"
    echo
    if [[ -s $RESULTS/notes ]]; then sort -r "$RESULTS/notes"; else echo "nothing was skipped or left out"; fi
    printf '\nin %s min %s s; the stages took %s s of processor time\n' $((SECONDS / 60)) $((SECONDS % 60)) "$all_cpu"
    echo "$all_passed passed, $all_failed failed, $all_skipped skipped"
    [[ $all_failed -eq 0 && $all_passed -gt 0 ]]
}
