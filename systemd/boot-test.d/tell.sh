# shellcheck shell=bash
# Tells what came of a test, and waits for what is to come.

: "${subject:?}" # of boot-test, and of package-test

bad=0 # what the caller exits with

say_result() { # OUTCOME NAME
    if (($1 == 0)); then
        printf 'ok      %s: %s\n' "$subject" "$2"
    else
        printf 'FAILED  %s: %s\n' "$subject" "$2"
        # shellcheck disable=SC2034 # the caller exits with it
        bad=1
    fi
}

# The outcome of the condition before it; on failure what the daemon and then the journal say.
expect() { # OUTCOME NAME
    say_result "$1" "$2"
    if (($1 != 0)); then
        {
            inside systemctl show -P StatusText ringtap
            inside ringtap stats
            inside journalctl --no-pager -o short-precise -n 60
        } 2>&1 | sed 's/^/        /'
    fi
}

# What takes three minutes hangs, on any machine.
until_true() { # COMMAND...
    local end=$((SECONDS + 180))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}
