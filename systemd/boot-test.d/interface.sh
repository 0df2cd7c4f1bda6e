# shellcheck shell=bash
# An interface that is missing, and comes and goes.

waits_for_its_interface() {
    inside systemctl reset-failed ringtap 2>/dev/null # it has been started more often than StartLimitBurst lets pass
    inside sed -i 's/^interface = .*/interface = "rt2"/' /etc/ringtap/ringtap.toml
    inside systemctl start ringtap && is_state active && has_state waiting
    expect $? "is active though its interface is missing, and waits for it"
    adds_a_pair && until_true has_state running && inside ip link del rt2 && until_true has_state waiting &&
        adds_a_pair && until_true has_state running
    expect $? "captures when its interface is there, and again when it was removed and made anew"
    inside ip link del rt2
    inside systemctl stop ringtap && is "$(property ringtap Result)" success
    expect $? "stops with success while it waits"
    inside sed -i 's/^buffer = .*/&\nmissing = "fail"/' /etc/ringtap/ringtap.toml
    ! inside systemctl start ringtap 2>/dev/null && journal_has 'to wait for it: missing = "wait"' -u ringtap -p err
    expect $? "missing = \"fail\": does not start without its interface, and the journal says why"
    inside systemctl stop ringtap # it would be tried again
    inside systemctl reset-failed ringtap 2>/dev/null
    configure
}

adds_a_pair() {
    inside ip link add rt2 type veth peer name rt3 && inside ip link set rt2 up && inside ip link set rt3 up
}
