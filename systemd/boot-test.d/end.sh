# shellcheck shell=bash
# The end: what is left in the system, and on this machine.

: "${work:?}" # of boot-test

leaves_nothing() {
    [[ -z $(inside ps -u ringtap -o pid=) && -z $(inside find /run/ringtap -type s) &&
        $(inside ip -d link show rt0) == *"promiscuity 0 "* &&
        $(inside ls /sys/class/net | wc -l) -eq 3 ]]
    expect $? "stopped, it leaves no process, socket or interface, and none promiscuous"
    inside systemctl --no-block poweroff 2>/dev/null
    until_true has_ended
    local outcome=$?
    say_result "$outcome" "shuts down"
    ip -o link | diff "$work/links" - >/dev/null && cgroup_is_empty && ! grep -q "$work/mount" /proc/mounts
    say_result $? "leaves no process, interface or mount on this machine"
}
