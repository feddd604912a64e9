#!/usr/bin/env bash
# What action.yml runs: `install` puts the tool on the path of this and all later steps, `validate` checks the catalog.
# The action's inputs come as INPUT_…; nothing of them is ever read as shell or as a workflow command.
set -euo pipefail

# A workflow command ends with its line, and `%` is its escape.
fail() {
    local text=${1//\%/%25}
    text=${text//$'\r'/}
    text=${text//$'\n'/%0A}
    printf '::error title=Servicescape could not run::%s\n' "$text"
    exit "${2:-2}"
}

install() {
    local home python wanted=$GITHUB_ACTION_PATH
    home=${RUNNER_TEMP:?}/servicescape
    if command -v python3 >/dev/null; then python=python3; else python=python; fi
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "The job's Python is older than 3.11; add a step with actions/setup-python before this one."
    if [ -n "${INPUT_VERSION:-}" ]; then
        [[ $INPUT_VERSION =~ ^[0-9][0-9A-Za-z.+!-]*$ ]] || fail "\`$INPUT_VERSION\` is no version; write it as 0.1.0."
        wanted="servicescape==$INPUT_VERSION"
    fi
    # An environment of its own: what the job has installed stays as it is.
    "$python" -m venv "$home/venv"
    local scripts=$home/venv/bin
    [ -d "$scripts" ] || scripts=$home/venv/Scripts # Windows
    "$scripts/python" -m pip install --quiet --disable-pip-version-check "$wanted" || fail "pip cannot install $wanted."
    # Only the one command goes on the path, and not this environment's Python.
    mkdir -p "$home/bin"
    ln -sf "$scripts"/servicescape* "$home/bin/"
    echo "$home/bin" >>"${GITHUB_PATH:?}"
    "$home/bin/servicescape" --version
}

# The value of one figure in the summary of the JSON report; nothing where the run wrote none.
figure() {
    sed -n "s/^    \"$1\": \([0-9][0-9]*\),\{0,1\}\$/\1/p" "$2" | head -n 1
}

validate() {
    local arguments=(--format "${INPUT_FORMAT:-github}") notes report code=0 path name
    notes=$(mktemp)
    report=$(mktemp)
    if [ -n "${INPUT_FAIL_ON:-}" ]; then arguments+=(--fail-on "$INPUT_FAIL_ON"); fi
    if [ -n "${INPUT_SARIF_FILE:-}" ]; then arguments+=(--also "sarif=$INPUT_SARIF_FILE"); fi
    arguments+=(--also "json=$report" --)
    while IFS= read -r path || [ -n "$path" ]; do
        if [ -n "$path" ]; then arguments+=("$path"); fi
    done <<<"${INPUT_PATHS:-}"
    servicescape validate "${arguments[@]}" 2>"$notes" || code=$?
    cat "$notes" >&2
    {
        echo "exit-code=$code"
        for name in errors warnings infos; do echo "$name=$(figure "$name" "$report")"; done
        if [ -n "${INPUT_SARIF_FILE:-}" ] && [ -f "$INPUT_SARIF_FILE" ]; then echo "sarif-file=$INPUT_SARIF_FILE"; fi
    } >>"${GITHUB_OUTPUT:?}"
    # What cannot run has no findings to annotate; without this the reader of a pull request sees no reason.
    if [ "$code" -ge 2 ]; then fail "$(cat "$notes")" "$code"; fi
    return "$code"
}

case "${1:-}" in
install) install ;;
validate) validate ;;
*) fail "github-action.sh is called with install or validate." ;;
esac
