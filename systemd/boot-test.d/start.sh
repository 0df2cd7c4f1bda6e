# shellcheck shell=bash
# What is installed, the start, and who may ask.

: "${work:?}" "${tree:?}" # of boot-test

starts() {
    documents_link_to_what_is_there
    expect $? "the installed documents link to what is there"
    inside systemd-sysusers ringtap.conf && inside systemd-tmpfiles --create ringtap.conf &&
        is "$(inside stat -c '%U %G %a' /run/ringtap)" "ringtap ringtap 750"
    expect $? "the user and the folder of sockets are made"
    comes_up_when_ready
    expect $? "is activating until its captures are live, then active"
    local group
    group=$(inside getent group ringtap | cut -d: -f3)
    answers 61001 "$group" 0
    expect $? "stats answers a member of the group"
    answers 61002 61002 3
    expect $? "stats refuses others with exit code 3"
    send 10000 && until_true delivers 10000
    expect $? "10,000 frames are delivered"
    until_true status_tells
    expect $? "its status tells rates and losses"
}

documents_link_to_what_is_there() {
    python3 - "$tree/usr/share/doc/ringtap" <<'PYTHON'
import pathlib, re, sys
documents = list(pathlib.Path(sys.argv[1]).rglob("*.md"))
dead = [f"{document}: {target}" for document in documents
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()]
sys.exit("\n".join(dead) if dead or len(documents) < 10 else 0)
PYTHON
}

comes_up_when_ready() {
    hold_up
    inside systemctl start --no-block ringtap
    is_held_up activating && goes_on && has_state running
}

answers() { # UID GROUPS EXPECTED_EXIT_CODE
    local code=0
    answered as_user "$1" "$2" ringtap stats >"$work/answer" 2>&1 || code=$?
    ((code == $3))
}

status_tells() { [[ $(property ringtap StatusText) =~ ^[0-9,]+\ frames/s\ received,\ 0/s\ sent\;\ lost\ 0$ ]]; }
