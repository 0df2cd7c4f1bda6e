#!/usr/bin/env bash
# Reproduces the table of the three knobs in native-notes/README.md: what a kernel ring holds for the settings asked. Needs root.
# Works in a network namespace of its own.
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
if [[ ${1-} != --in-namespace ]]; then
    "$here/build" c
    exec unshare --net "$0" --in-namespace
fi

sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add near type veth peer name far
ip link set near up
ip link set far up
until ip -o link show near | grep -q LOWER_UP; do sleep 0.01; done

offload() { ethtool -K near gro "$1" gso "$1" tso "$1" >/dev/null; }

measure() { # WHAT BUFFER_BYTES SNAPLEN IMMEDIATE TIMEOUT_MS FRAME_BYTES COUNT GAP_MICROS
    local what=$1
    shift
    printf '%-62s ' "$what"
    "$here/bin/ringholds" near far "$@"
}

offload on
measure "as first asked: 5 MB, snaplen 250,000, immediate" 5000000 250000 1 10 200 200 0
measure "the same without immediate mode" 5000000 250000 0 10000 200 40000 0
measure "the same without immediate mode, snaplen 65,535" 5000000 65535 0 10000 200 40000 0
measure "2 MiB, snaplen 262,144, immediate" 2097152 262144 1 10 200 200 0
measure "64 MiB, snaplen 2,048, immediate" 67108864 2048 1 10 200 60000 0
measure "64 MiB, snaplen 1,972, immediate" 67108864 1972 1 10 200 60000 0
measure "64 MiB, snaplen 65,535" 67108864 65535 0 10000 200 300000 0
measure "64 MiB, snaplen 65,535, 60-byte frames" 67108864 65535 0 10000 60 500000 0
measure "64 MiB, snaplen 65,535, 1,514-byte frames" 67108864 65535 0 10000 1514 60000 0
measure "64 KiB, snaplen 65,535" 65536 65535 0 10000 200 2000 0
measure "2 MiB, timeout 10 ms, a frame every 25 ms" 2097152 65535 0 10 200 40 25000
measure "2 MiB, timeout 100 ms, a frame every 25 ms" 2097152 65535 0 100 200 60 25000
offload off
measure "64 MiB, snaplen 65,535, immediate, offloads off (MTU 1,500)" 67108864 65535 1 10 200 60000 0
measure "5 MB, snaplen 250,000, immediate, offloads off" 5000000 250000 1 10 200 8000 0
RING_LIMIT_MIB=50 measure "64 MiB, memory for 50 MiB" 67108864 65535 0 10000 200 300000 0
RING_LIMIT_MIB=1 measure "64 MiB, memory for 1 MiB" 67108864 65535 0 10000 200 300000 0
