# shellcheck shell=bash
# ringtap-tune@INTERFACE, and what it runs.

: "${work:?}" # of boot-test

tso_of() { inside ethtool -k "$1" | sed -n 's/^tcp-segmentation-offload: //p'; }

tunes() {
    local before
    before=$(tso_of rt0)
    inside systemctl start ringtap-tune@rt0 && is "$before $(tso_of rt0)" "on off"
    expect $? "ringtap-tune@rt0 switches offloads off"
    inside systemctl stop ringtap-tune@rt0 && is "$(tso_of rt0)" on
    expect $? "ringtap-tune@rt0, stopped, puts back what was there"
}

# veth pairs have no ring: an ethtool that only keeps what it is told, with the output of a real one.
tunes_a_ring() {
    mkdir "$work/bin" "$work/tune"
    echo 256 >"$work/rx"
    cat >"$work/bin/ethtool" <<'ETHTOOL'
#!/usr/bin/env bash
case $1 in
    -k) printf '%s\n' "Features for $2:" "large-receive-offload: off [fixed]" "generic-receive-offload: on [fixed]" ;;
    -g) printf '%s\t\t%s\n' "Ring parameters for $2:" "" "Pre-set maximums:" "" RX: 4096 "RX Mini:" n/a TX: 4096 \
        "Current hardware settings:" "" RX: "$(<"${0%/bin/*}/rx")" "RX Mini:" n/a TX: 512 ;;
    -G) [[ $3 == rx ]] && echo "$4" >"${0%/bin/*}/rx" ;;
    *) echo "Cannot change $3" && exit 1 ;;
esac
ETHTOOL
    chmod +x "$work/bin/ethtool"
    local -x PATH=$work/bin:$PATH RUNTIME_DIRECTORY=$work/tune JOURNAL_STREAM=''
    systemd/tune apply lo 2>"$work/tune.log" && systemd/tune apply lo 2>/dev/null && is "$(<"$work/rx")" 4096 &&
        grep -qx 'lo: gro stays on: the driver does not let it be changed' "$work/tune.log"
    say_result $? "a receive ring is made as large as it can be, and what cannot be changed is told"
    systemd/tune restore lo 2>/dev/null && is "$(<"$work/rx")" 256 && [[ ! -e $work/tune/settings ]]
    say_result $? "a receive ring is put back, even after applying twice"
}
