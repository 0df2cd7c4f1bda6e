# shellcheck shell=bash
# A stop with its ledger, and a configuration that fails for good.

: "${work:?}" # of boot-test

stops_clean() {
    local from
    from=$(date +%s.%N)
    send 5000
    inside systemctl stop ringtap
    is "$(property ringtap Result)" success && is "$(property ringtap ActiveState)" inactive
    expect $? "stops by itself, with success"
    journal -u ringtap --since "@$from" >"$work/ledger"
    grep -qx 'capture=rt0 interface=rt0 received=5000 kernel_dropped=0 .*published=5000' "$work/ledger" &&
        grep -qx 'worker=analysis capture=rt0 delivered=5000 failed=0 shed=0.*' "$work/ledger" &&
        grep -qx 'ledger lost=0 unaccounted=0' "$work/ledger"
    expect $? "its ledger is in the journal, and balances"
    journal_has '^capture - capture rt0 on rt0: throughput' -p info..info &&
        journal_has '^capture - capture rt0: .* are lost when' -p warning..warning &&
        ! journal_has '^(<|[0-9]{4}-[0-9]{2}-[0-9]{2}T|INFO|WARN|ERROR)' -u ringtap
    expect $? "its lines have priorities, and no times of their own"
}

bad_configuration() {
    configure
    inside sed -i 's/^buffer = .*/buffer = "2 MB/' /etc/ringtap/ringtap.toml
    ! inside systemctl start ringtap 2>/dev/null && is "$(property ringtap ExecMainStatus)" 2 &&
        is "$(property ringtap ActiveState)" failed &&
        journal_has '^/etc/ringtap/ringtap.toml:3:' -u ringtap -p err
    expect $? "a bad configuration fails for good, and the journal has its line, as an error"
    configure
}
