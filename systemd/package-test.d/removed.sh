# shellcheck shell=bash
# The package goes, and comes again.

: "${work:?}" # of package-test

removes() {
    apt remove ringtap >"$work/apt" 2>&1
    expect $? "is removed"
    [[ -z $(inside ps -u ringtap -o pid=) && -z $(inside ls /usr/lib/ringtap /usr/bin/ringtap /run/ringtap 2>/dev/null) ]]
    expect $? "removed: no process, program or socket is left"
    inside cat /etc/ringtap/ringtap.toml | cmp -s - "$work/changed.toml" && inside test -e /var/lib/ringtap/kept.pcapng
    expect $? "removed: configuration and recordings are left"
}

comes_back() {
    apt install /opt/ringtap.deb >"$work/apt" 2>&1 <<<N && in_order && inside cat /etc/ringtap/ringtap.toml | cmp -s - "$work/changed.toml" &&
        inside systemctl restart ringtap && send 20 && until_true delivers 20
    expect $? "installed again, it captures with the configuration that was left"
}

purges() {
    inside touch /etc/default/ringtap /etc/ringtap/rt1.toml /usr/lib/ringtap/plugins/own.jar
    apt purge ringtap >"$work/apt" 2>&1
    expect $? "is purged"
    is "$(left)" /var/lib/ringtap && is "$(inside ls -A /var/lib/ringtap)" kept.pcapng
    local outcome=$?
    expect "$outcome" "purged: only recordings are left"
    ((outcome == 0)) || left | sed 's/^/        /'
    is "$(inside stat -c %U /var/lib/ringtap)" ringtap
    expect $? "purged: they are the user's, who stays"
    inside rm /var/lib/ringtap/kept.pcapng
    apt install /opt/ringtap.deb >"$work/apt" 2>&1 && is "$(inside grep -c '# changed' /etc/ringtap/ringtap.toml)" 0 &&
        ! inside systemctl is-enabled -q ringtap
    expect $? "installed again, it is as new"
    apt purge ringtap >"$work/apt" 2>&1 && is "$(left)" ""
    expect $? "purged without recordings, nothing is left"
}

# But for what this test has put there, and apt's memory of what it has done.
left() { inside find / -xdev -path /proc -prune -o -iname '*ringtap*' ! -path '/opt/*' ! -path '/sys/*' -print | sort; }

shuts_down() {
    inside systemctl --no-block poweroff 2>/dev/null
    until_true has_ended
    say_result $? "shuts down"
    ip -o link | diff "$work/links" - >/dev/null && cgroup_is_empty && ! grep -q "$work/mount" /proc/mounts
    say_result $? "leaves no process, interface or mount on this machine"
}
