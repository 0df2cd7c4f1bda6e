# shellcheck shell=bash
# shellcheck disable=SC2119,SC2120 # scenes give stats a socket
# Asks the booted system, its journal and the daemon in it; changes the configuration.

: "${work:?}" # of boot-test

is() { [[ "$1" == "$2" ]]; }

property() { inside systemctl show -P "$2" "$1"; }

is_state() { is "$(property ringtap ActiveState)" "$1"; }

journal() { inside journalctl --no-pager -o cat "$@"; }

# Whether the journal has a line; reads all of it, or journalctl would fail for a pipe that is gone.
journal_has() { # PATTERN ARGUMENTS...
    (($(journal "${@:2}" | grep -cE -- "$1") > 0))
}

# Runs a command that asks the daemon; again, while a machine that is busy has not let it answer.
answered() { # COMMAND...
    local end=$((SECONDS + 180)) result
    while :; do
        result=0
        "$@" >"$work/said" 2>"$work/complained" || result=$?
        if ((SECONDS >= end)) || ! grep -q 'does not answer within' "$work/complained"; then
            break
        fi
    done
    cat "$work/said"
    cat "$work/complained" >&2
    return "$result"
}

stats() { # [SOCKET]
    answered inside ringtap stats --json --socket "${1:-/run/ringtap/ringtap.sock}"
}

delivers() { # COUNT
    stats | python3 -c '
import json, sys
workers = json.load(sys.stdin)["workers"]
sys.exit(sum(w["delivered"] for w in workers) != int(sys.argv[1]))' "$1"
}

has_state() { # STATE
    stats | python3 -c 'import json, sys; sys.exit(json.load(sys.stdin)["captures"][0]["state"] != sys.argv[1])' "$1"
}

# Neither the start nor a reload is over before the handler is ready, which waits for a file.
is_held_up() { # STATE
    until_true journal_has '^Hang waits for' -u ringtap --since "@$held_since" && is_state "$1"
}

hold_up() {
    inside rm -f /run/ringtap/go
    held_since=$(date +%s.%N)
}

goes_on() {
    inside touch /run/ringtap/go
    until_true is_state active
}

# The configuration that is there, with a line more; a good one for the handler that stands last.
configure() { # [LINE...]
    inside cp /run/ringtap.toml.good /etc/ringtap/ringtap.toml
    (($# == 0)) || printf '%s\n' "$@" | inside tee -a /etc/ringtap/ringtap.toml >/dev/null
}
