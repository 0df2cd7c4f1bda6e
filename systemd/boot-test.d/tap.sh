# shellcheck shell=bash
# Who may look at the frames of the service live.

taps() {
    local group
    group=$(inside getent group ringtap | cut -d: -f3)
    may 61001 61999 "$group" 3 tap -w /dev/null --duration 1 &&
        journal_has '^control - control: tap by user with uid 61001: refused' -u ringtap -p warning..warning
    expect $? "tap refuses a member of the group that may only ask, with exit code 3, and logs it"
    configure '[control]' 'admin-group = "ringtap"'
    inside systemctl reload ringtap
    may 61001 "$group" "$group" 0 tap -w /dev/null --duration 1 &&
        journal_has '^control - control: tap by user with uid 61001$' -u ringtap -p info..info &&
        journal_has '^control - control: the tap of capture rt0 by user with uid 61001 has ended' -u ringtap
    expect $? "a member of the group ringtap may tap where that is control.admin-group; who did is in the journal"
    configure
    inside systemctl reload ringtap
}
