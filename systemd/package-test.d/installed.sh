# shellcheck shell=bash
# The package is installed, and does what it is for.

: "${work:?}" "${version:=}" "${first?}" # of package-test

apt() { inside env DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends "$@"; }

# shellcheck disable=SC2016 # dpkg-query's own
in_order() { [[ $(inside dpkg-query -W -f '${Status}' ringtap) == "install ok installed" ]]; }

installs() {
    ! inside sh -c 'command -v java || command -v ip || ls /usr/lib/ringtap' >/dev/null 2>&1
    expect $? "there is no Java, no ip and no ringtap"
    install_began=$SECONDS
    apt install /opt/ringtap.deb >"$work/apt" 2>&1 && in_order
    local outcome=$?
    expect "$outcome" "is installed with what it depends on, without a network ($((SECONDS - install_began)) s)"
    ((outcome == 0)) || sed 's/^/        /' "$work/apt"
    [[ -z $(inside find /root -mindepth 1 -newer /opt/ringtap.deb ! -name '.bash*') ]]
    expect $? "leaves nothing in root's home"
    inside ringtap --version >"$work/version" && is "$(sed -n 1p "$work/version")" "ringtap $version" &&
        [[ $(sed -n 2p "$work/version") =~ ^commit\ [0-9a-f]{12}\ of\ 20[0-9-]+T[0-9:]+Z(,\ with\ changes)?$ ]]
    expect $? "tells its version and commit"
    is "$(inside stat -c '%U %G %a' /run/ringtap)" "ringtap ringtap 750"
    expect $? "the user and the folder of sockets are made"
    ! inside systemctl is-enabled -q ringtap && is_state inactive
    expect $? "starts nothing by itself"
    takes_its_caches
    expect $? "has caches of starts for its own runtime"
}

# With AOTMode=on a JVM whose cache does not fit ends with exit code 1; the daemon's says what its configuration lacks.
takes_its_caches() {
    local code=0
    inside env RINGTAP_JAVA_OPTS=-XX:AOTMode=on ringtap --version >/dev/null || return
    inside env RINGTAP_JAVA_OPTS=-XX:AOTMode=on ringtap run --config /none.toml >/dev/null 2>&1 || code=$?
    ((code == 2))
}

demonstrates() {
    inside ringtap demo --rate "10 kpps" --seconds 2 >"$work/demo" 2>&1 && grep -q '^verdict: PASS' "$work/demo"
    local outcome=$?
    expect "$outcome" "demo gives its verdict ($((SECONDS - install_began)) s since the installation began)"
    ((outcome == 0)) || sed 's/^/        /' "$work/demo"
}

serves() {
    local offered
    inside sed -i 's/^interface = .*/interface = "rt0" # changed/' /etc/ringtap/ringtap.toml
    inside systemctl -q enable --now ringtap && is_state active && send 1000 && until_true delivers 1000
    expect $? "the service captures"
    offered=$(inside sh -c '/usr/lib/*-linux-gnu/wireshark/extcap/ringtap-extcap --extcap-interfaces')
    [[ $offered == *'{value=ringtap-rt0}'* ]]
    expect $? "Wireshark's list of interfaces has its capture"
    inside systemctl start ringtap@rt1 && stats /run/ringtap/rt1.sock >/dev/null
    expect $? "one more instance captures"
}

# What is reached by reflection and services, of modules that a trimmed runtime may lack.
measures_itself() {
    local url=http://127.0.0.1:9464/metrics jfr=/usr/lib/ringtap/runtime/bin/jfr
    printf '%s\n' '[control]' 'socket = "/run/own.sock"' '[metrics]' 'listen = "127.0.0.1:9464"' '[[capture]]' \
        'interface = "lo"' '[[worker]]' 'name = "w"' '[[worker.handler]]' 'type = "record"' 'folder = "/tmp"' |
        inside tee /tmp/own.toml >/dev/null
    inside env RINGTAP_JAVA_OPTS=-XX:StartFlightRecording:filename=/tmp/own.jfr ringtap run --config /tmp/own.toml \
        >"$work/own" 2>&1 &
    until_true grep -q ready "$work/own"
    nsenter -t "$first" -n python3 -c "import urllib.request; print(urllib.request.urlopen('$url').read().decode())" |
        grep -cE '^(ringtap_capture_received_frames_total|jvm_memory_used_bytes|process_open_fds)' >"$work/metrics"
    (($(<"$work/metrics") >= 3))
    expect $? "serves metrics, the JVM's among them"
    inside ringtap stop --socket /run/own.sock && wait $! &&
        inside "$jfr" summary /tmp/own.jfr | grep -q 'io.ringtap.Rotation  *1 ' && grep -qx 'ledger lost=0 unaccounted=0' "$work/own"
    local outcome=$?
    expect "$outcome" "records files, and to Flight Recorder"
    ((outcome == 0)) || sed 's/^/        /' "$work/own"
}
