# shellcheck shell=bash
# The system that is booted: made, entered, and taken away again. What is in `tree` lies over this machine's root, or over `lower`;
# a `java_home` is at /opt/jdk in it.

: "${name:?}" "${work:?}" "${tree:?}" # of boot-test, and of package-test

cgroup_mount='' container='' first=''

prepare() {
    systemd/install "$tree" && mkdir -p "$tree/opt/handlers" "$tree/etc/default" "$work/mount" || return
    find_java javac || return
    "$java_home/bin/javac" -cp 'daemon/target/lib/*' -d "$tree/opt/handlers" systemd/boot-test.d/Hang.java || return
    printf '%s\n' RINGTAP_JAVA_HOME=/opt/jdk RINGTAP_CLASSPATH=/opt/handlers >"$tree/etc/default/ringtap"
    cp systemd/boot-test.d/ringtap.toml "$tree/etc/ringtap/"
}

# The version 2 hierarchy, wherever it is mounted; where it cannot be written to, a mount of our own.
find_cgroups() {
    cgroup_mount=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    if [[ -z $cgroup_mount ]] || ! mkdir "$cgroup_mount/$name" 2>/dev/null; then
        mkdir "$work/cgroup" && mount -t cgroup2 cgroup2 "$work/cgroup" && mkdir "$work/cgroup/$name" || return
        cgroup_mount=$work/cgroup
    fi
}

# Runs in the new namespaces; becomes systemd.
become_first() {
    set -e
    local r=$work/mount
    mount -t tmpfs tmpfs "$r"
    mkdir "$r/up" "$r/wk" "$r/root"
    cp -a "$tree/." "$r/up/"
    chown -R 0:0 "$r/up"
    mount -t overlay overlay -o "lowerdir=${lower:-/},upperdir=$r/up,workdir=$r/wk" "$r/root"
    r=$r/root
    if [[ -n ${java_home:-} ]]; then
        mkdir -p "$r/opt/jdk"
        mount --bind "$java_home" "$r/opt/jdk"
    fi
    mount -t proc proc "$r/proc"
    mount --bind "$r/proc/sys" "$r/proc/sys"
    mount -o remount,bind,ro "$r/proc/sys" # or the boot would change the host's
    mount -t sysfs -o ro sysfs "$r/sys"
    mkdir -p "$r/sys/fs/cgroup"
    mount -t cgroup2 cgroup2 "$r/sys/fs/cgroup"
    local folder device
    for folder in run tmp dev; do mount -t tmpfs tmpfs "$r/$folder"; done
    mkdir -p "$r/dev/pts" "$r/dev/shm" "$r/oldroot" # which a root that was pivoted to has
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$r/dev/pts"
    ln -s pts/ptmx "$r/dev/ptmx" # PrivateDevices= fails without
    mount -t tmpfs tmpfs "$r/dev/shm"
    for device in null zero full random urandom tty; do
        touch "$r/dev/$device"
        mount --bind "/dev/$device" "$r/dev/$device"
    done
    : >"$r/etc/fstab"
    rm -rf "$r"/etc/systemd/system/* # the host's services are not ours to start
    tr -d - </proc/sys/kernel/random/uuid >"$r/etc/machine-id"
    mkdir -p "$r/etc/systemd/journald.conf.d"
    printf '[Journal]\nStorage=volatile\nRateLimitBurst=0\n' >"$r/etc/systemd/journald.conf.d/test.conf"
    ip link set lo up
    ip link add rt0 type veth peer name rt1
    local end
    for end in rt0 rt1; do
        ip link set "$end" addrgenmode none # no IPv6 address, so no neighbour discovery
        ip link set "$end" up
    done
    cd "$r"
    pivot_root . oldroot
    umount -l /oldroot
    exec env -i container="$name" PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=basic.target \
        >/dev/null 2>&1
}

boot() {
    find_cgroups || return
    export -f become_first
    export work tree name lower java_home
    (
        echo "$BASHPID" >"$cgroup_mount/$name/cgroup.procs" || exit
        exec unshare --mount --pid --fork --kill-child --uts --ipc --net --cgroup --propagation private \
            bash -c become_first
    ) 2>"$work/boot.log" </dev/null &
    container=$!
    until_true has_first && until_true inside systemctl is-active basic.target
}

has_first() { first=$(pgrep -P "$container") && [[ $(<"/proc/$first/comm") == systemd ]]; }

inside() { nsenter -t "$first" -m -p -u -i -n -C env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

as_user() { # UID GROUPS COMMAND...
    inside setpriv --reuid "$1" --regid 61999 --groups "$2" "${@:3}"
}

# Sends frames of 60 bytes into the far end.
send() { # COUNT [ETHERTYPE]
    nsenter -t "$first" -n python3 - "$1" "${2:-0x88b5}" <<'PYTHON'
import socket, sys
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(("rt1", 0))
frame = bytes.fromhex("ffffffffffff020000000001") + int(sys.argv[2], 16).to_bytes(2, "big") + bytes(46)
for _ in range(int(sys.argv[1])):
    s.send(frame)
PYTHON
}

cgroup_is_empty() { [[ -z $(find "$cgroup_mount/$name" -name cgroup.procs -exec cat {} + 2>/dev/null) ]]; }

has_ended() { ! kill -0 "$container"; }

finish() {
    [[ -z $first ]] || kill -KILL "$first" 2>/dev/null # and with it everything in its process namespace
    [[ -z $container ]] || wait "$container" 2>/dev/null
    local cgroup=$cgroup_mount/$name
    if [[ -n $cgroup_mount && -d $cgroup ]]; then
        until_true cgroup_is_empty
        find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
    fi
    [[ ! -d $work/cgroup ]] || umount "$work/cgroup" 2>/dev/null
    rm -rf -- "$work"
}
