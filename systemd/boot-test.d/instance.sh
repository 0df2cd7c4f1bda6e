# shellcheck shell=bash
# ringtap@INTERFACE, the metrics of one, and its export.

instance() {
    inside systemctl start ringtap@rt1 && stats /run/ringtap/rt1.sock |
        python3 -c 'import json, sys; sys.exit(json.load(sys.stdin)["captures"][0]["interface"] != "rt1")'
    expect $? "ringtap@rt1 captures rt1, with a socket of its own"
    inside systemctl reload ringtap@rt1 && journal_has '^reload - .*: nothing has changed' -u ringtap@rt1
    expect $? "ringtap@rt1 reloads over a socket of its own"
    inside systemctl start ringtap && inside systemctl stop ringtap@rt1 && stats >/dev/null
    expect $? "an instance that stops leaves the others' sockets alone"
    inside systemctl stop ringtap
}

# As the README has it: a drop-in, and a configuration of the instance's own.
metrics() {
    inside bash -c 'mkdir -p /run/systemd/system/ringtap@rt1.service.d
        printf "%s\n" "[Service]" "RestrictAddressFamilies=AF_INET AF_INET6" IPAddressAllow=localhost \
            >/run/systemd/system/ringtap@rt1.service.d/metrics.conf
        echo RINGTAP_CONFIG=/etc/ringtap/rt1.toml >/etc/default/ringtap-rt1
        printf "%s\n" "[metrics]" "listen = \"127.0.0.1:9464\"" >/etc/ringtap/rt1.toml
        systemctl daemon-reload && systemctl start ringtap@rt1' &&
        (($(inside python3 -c '
import urllib.request
print(urllib.request.urlopen("http://127.0.0.1:9464/metrics", timeout=10).read().decode())' |
            grep -c "^ringtap_.*rt1") > 0))
    expect $? "with the drop-in that the README gives, metrics are served"
    inside systemctl stop ringtap@rt1
}

# As BUILT-IN.md has it: a drop-in, and an export to a collector that says what version of IPFIX it got.
exports() {
    inside bash -c 'printf "%s\n" "[Service]" "RestrictAddressFamilies=AF_INET AF_INET6" IPAddressAllow=127.0.0.1 \
            >/run/systemd/system/ringtap@rt1.service.d/metrics.conf
        printf "%s\n" "[[export]]" "collector = \"127.0.0.1:4739\"" "[[worker]]" "[[worker.handler]]" "type = \"flows\"" \
            >/etc/ringtap/rt1.toml
        systemctl daemon-reload && systemctl start ringtap@rt1' &&
        [[ $(inside timeout 60 python3 -c '
import socket
collector = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
collector.bind(("127.0.0.1", 4739))
print(int.from_bytes(collector.recv(2048)[:2], "big"))') == 10 ]]
    expect $? "with the drop-in that BUILT-IN.md gives, flows are exported"
    inside systemctl stop ringtap@rt1
}
