# shellcheck shell=bash
# Another version takes the package's place, under a service that runs.

: "${work:?}" "${version:=}" # of package-test

starts_of() { journal_count "^Started ringtap.* capture and injection" "$1"; }

journal_count() { journal -u "$2" | grep -cE -- "$1"; } # PATTERN UNIT

upgrades() {
    local before one_more from
    before=$(property ringtap MainPID) one_more=$(property ringtap@rt1 MainPID) from=$(date +%s.%N)
    inside cat /etc/ringtap/ringtap.toml >"$work/changed.toml"
    inside touch /var/lib/ringtap/kept.pcapng
    apt install /opt/next.deb >"$work/apt" 2>&1 <<<N && in_order # N: keeps what is there
    local outcome=$?
    expect "$outcome" "is upgraded"
    ((outcome == 0)) || sed 's/^/        /' "$work/apt"
    grep -q "==> Modified (by you or by a script) since installation." "$work/apt" &&
        grep -q "==> Package distributor has shipped an updated version." "$work/apt"
    expect $? "upgrade: dpkg asks about the configuration, which was changed by both"
    inside cat /etc/ringtap/ringtap.toml | cmp -s - "$work/changed.toml" &&
        is "$(inside tail -n 1 /etc/ringtap/ringtap.toml.dpkg-dist)" "# Of the next version."
    expect $? "upgrade: the configuration is kept, and the new one lies beside it"
    is_state active && ! is "$(property ringtap MainPID)" "$before" && is "$(property ringtap NRestarts)" 0 &&
        (($(starts_of ringtap) == 2)) && ! is "$(property ringtap@rt1 MainPID)" "$one_more" && (($(starts_of ringtap@rt1) == 2))
    expect $? "upgrade: the service that ran was restarted once, and so was the instance"
    journal -u ringtap --since "@$from" >"$work/ledger"
    grep -qx 'capture=rt0 interface=rt0 received=1000 kernel_dropped=0 .*published=1000' "$work/ledger" &&
        grep -qx 'ledger lost=0 unaccounted=0' "$work/ledger"
    expect $? "upgrade: the former version's ledger is in the journal, and balances"
    send 500 && until_true delivers 500 && inside ls "/usr/lib/ringtap/lib/ringtap-daemon-$version-next.jar" >/dev/null &&
        [[ -z $(inside find /usr/lib/ringtap/lib -name 'ringtap-*[0-9].jar') ]]
    expect $? "upgrade: the new version captures, and the former one's jars are gone"
    takes_its_caches
    expect $? "upgrade: the caches of starts are of the new version"
}

# To a version that does not know a key.
downgrades() {
    # shellcheck disable=SC2016 # sed's own
    inside sed -i '$a no-such-key = 1' /etc/ringtap/ringtap.toml
    apt install --allow-downgrades /opt/ringtap.deb >"$work/apt" 2>&1 <<<N && in_order
    expect $? "is downgraded"
    grep -q "^ringtap: goes back from $version+next to $version\. The configuration stays as it is" "$work/apt" &&
        grep -qE '/etc/ringtap/ringtap.toml:[0-9]+:1: .*no-such-key: unknown key' "$work/apt" &&
        grep -q '^ringtap: /etc/ringtap/ringtap.toml was kept, and is not good for this version' "$work/apt" &&
        is_state failed
    local outcome=$?
    expect "$outcome" "downgrade: says what it does, and which key the older version does not know"
    ((outcome == 0)) || sed 's/^/        /' "$work/apt"
    inside sed -i '/^no-such-key/d' /etc/ringtap/ringtap.toml
    inside systemctl restart ringtap && send 10 && until_true delivers 10
    expect $? "downgrade: the service captures without the key"
}
