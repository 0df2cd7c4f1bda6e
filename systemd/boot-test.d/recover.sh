# shellcheck shell=bash
# A daemon that is killed, or hangs.

is_killed() {
    recovers_from inside systemctl kill -s KILL ringtap
    expect $? "kill -9: is started anew, and replaces the socket left behind"
}

quiet_and_hung() {
    inside mkdir -p /run/systemd/system/ringtap.service.d
    printf '[Service]\nWatchdogSec=12\nTimeoutAbortSec=30\nRestartSec=100ms\n' |
        inside tee /run/systemd/system/ringtap.service.d/quick.conf >/dev/null
    inside systemctl daemon-reload && inside systemctl restart ringtap
    local before
    before=$(property ringtap MainPID)
    sleep 13 # longer than the watchdog waits
    is "$(property ringtap MainPID)" "$before" && inside systemctl is-active -q ringtap
    expect $? "a quiet link does not trip the watchdog"
    recovers_from send 3 0x88b6
    expect $? "a hung worker: is started anew"
    journal_has '^watchdog - (.*, )?worker-analysis-[01] of capture rt0(, .*)? hangs' -p err
    expect $? "a hung worker: the journal names it, as an error"
    journal_has 'at boottest\.Hang\.onFrame\(Hang\.java' -u ringtap
    expect $? "a hung worker: the journal has where its thread was"
}

recovers_from() { # COMMAND...
    local before restarts
    before=$(property ringtap MainPID)
    restarts=$(property ringtap NRestarts)
    "$@"
    until_true restarted "$before" "$restarts" && inside systemctl is-active -q ringtap && stats >/dev/null
}

restarted() { # OLD_PID OLD_COUNT
    (($(property ringtap NRestarts) > $2)) && [[ $(property ringtap MainPID) != "$1" ]] &&
        inside systemctl is-active -q ringtap
}
