# shellcheck shell=bash
# Configurations that are read again, and who may ask for it. Keeps the good one in /run/ringtap.toml.good.

: "${work:?}" # of boot-test

reloads() {
    inside cp /etc/ringtap/ringtap.toml /run/ringtap.toml.good
    local before uid
    before=$(property ringtap MainPID)
    uid=$(inside id -u ringtap)
    configure '[daemon]' 'stop-timeout = "4 s"'
    inside systemctl reload ringtap && is_state active && is "$(property ringtap MainPID)" "$before" &&
        journal_has '^reload - reload asked for by the control socket: daemon.stop-timeout is changed' -u ringtap &&
        journal_has "^control - control: reload by user ringtap \\(uid $uid\\)" -u ringtap -p info..info
    expect $? "systemctl reload: a good configuration is taken by the process that runs, and who asked is in the journal"
    configure 'filter = "ether proto 0x88b5"' 'buffr = "2 MB"'
    ! inside systemctl reload ringtap 2>/dev/null && is_state active && is "$(property ringtap MainPID)" "$before" &&
        journal_has '^/etc/ringtap/ringtap.toml:[0-9]+:1: worker.handler.buffr: unknown key' -u ringtap -p err &&
        journal_has '^reload - reload asked for by the control socket is refused' -u ringtap -p err
    expect $? "systemctl reload: fails for a bad configuration, and every error is in the journal"
    send 1000 && until_true delivers 11000
    expect $? "a bad reload changes nothing: the same capture goes on with its counts"
    configure 'filter = "ether proto 0x88b5 or ether proto 0x88b6"'
    hold_up
    inside systemctl kill -s HUP --kill-whom=main ringtap
    is_held_up reloading && goes_on && is "$(property ringtap MainPID)" "$before" &&
        journal_has '^reload - reload asked for by SIGHUP: capture rt0 is restarted' -u ringtap
    expect $? "SIGHUP: the unit is reloading until what has changed is ready, then active"
    send 1000 && until_true delivers 12000
    expect $? "a capture that was restarted goes on with its counts"
}

refuses_to_reload() {
    local group admins
    group=$(inside getent group ringtap | cut -d: -f3)
    admins=$(inside getent group adm | cut -d: -f3)
    configure '[control]' 'admin-group = "adm"'
    inside ringtap reload >/dev/null
    expect $? "root may reload"
    may 61001 61999 "$group" 3 reload && may 61001 61999 "$group" 3 stop && may 61001 61999 "$group" 3 stream start x &&
        journal_has '^control - control: reload by user with uid 61001: refused' -u ringtap -p warning..warning &&
        journal_has '^control - control: stop by user with uid 61001: refused' -u ringtap -p warning..warning
    expect $? "reload, stop and stream calls refuse a member of the group that may only look, with exit code 3, and log it"
    may 61001 "$admins" "$group" 0 reload
    expect $? "a member of the administrators' group may reload"
    may 61002 61002 61002 3 reload
    expect $? "others cannot even ask"
    configure
    inside systemctl reload ringtap
    expect $? "the former configuration is taken again"
}

may() { # UID GID GROUPS EXPECTED_EXIT_CODE COMMAND...
    local code=0
    inside setpriv --reuid "$1" --regid "$2" --groups "$3" ringtap "${@:5}" >"$work/answer" 2>&1 || code=$?
    ((code == $4))
}
