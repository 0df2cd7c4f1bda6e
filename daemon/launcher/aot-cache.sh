# shellcheck shell=bash
# Makes the caches of starts, with the Java in `java_home`.

# shellcheck source=daemon/launcher/java.sh
source "${BASH_SOURCE[0]%/*}/java.sh"

# Whether a cache of starts is missing, or of other jars: the JVM would leave it alone.
needs_aot_caches() { # FOLDER_OF_JARS
    local jar
    [[ -e $1/jvm.aot && -e $1/command.aot ]] || return 0
    for jar in "$1"/*.jar; do
        [[ ! $jar -nt $1/jvm.aot ]] || return 0
    done
    return 1
}

# Has ringtap run, and commands ask it what people ask; the JVMs keep what they loaded and learnt for that: a cache for the
# daemon and one for the commands, each the smaller and the quicker for it. They serve no other jars and no other JDK;
# ringtap runs without them all the same.
make_aot_caches() { # FOLDER_OF_OPTIONS FOLDER_OF_JARS
    (rehearse "$@") # a shell of its own, whose end, by Ctrl-C too, is the daemon's
}

rehearse() {
    options=$1 jars=$2 daemon=
    work=$(mktemp -d)
    trap end_rehearsal EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    export XDG_CACHE_HOME=$work # JNA's folder, which would stay in root's home
    if { may_capture && rehearse_with interface; } || rehearse_with file; then
        mv -- "$jars/.command.aot.$$" "$jars/command.aot" # at once: another start may be reading the old one
        mv -- "$jars/.jvm.aot.$$" "$jars/jvm.aot"
    else
        say "starts will take longer than they could: the JVM's caches of them could not be made:"
        cat "$work/output" >&2
    fi
}

end_rehearsal() {
    end_daemon
    rm -rf -- "$work" "$jars"/.{jvm,command}.aot.$$*
}

# The daemon's group is timeout's; asked to end, it would make its cache first.
end_daemon() { [[ -z $daemon ]] || { kill -KILL -- "-$daemon" && wait "$daemon"; } 2>/dev/null || true; }

may_capture() { ((EUID == 0)) && ! in_user_namespace; }

rehearse_with() { # SOURCE
    end_daemon # of the attempt before
    : >"$work/output"
    aot_configuration "$1" >"$work/ringtap.toml"
    rehearse_daemon && rehearse_commands && wait "$daemon"
}

# Without rights to capture, such as root may lack in a container, the daemon plays a file of two frames, the second an hour
# behind the first.
aot_configuration() { # SOURCE; uses `work`
    local source='interface = "lo"' frame='\0\0\0\0\16\0\0\0\16\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\10\0'
    if [[ $1 == file ]]; then
        printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$work/hour.pcap"
        # shellcheck disable=SC2059 # it is meant as a format
        printf "\0\0\0\0$frame\20\16\0\0$frame" >>"$work/hour.pcap"
        source="file = \"$work/hour.pcap\"
pace = \"original\""
    fi
    cat <<CONFIGURATION
[control]
socket = "$work/control.sock"
[[capture]]
$source
[[worker]]
name = "count"
[[worker.handler]]
type = "count"
CONFIGURATION
}

# Begins a daemon, in `daemon`, and waits until it can be asked, or has ended.
rehearse_daemon() { # uses `options`, `jars` and `work`
    timeout 60 "$java_home/bin/java" @"$options/jvm.options" -XX:AOTCacheOutput="$jars/.jvm.aot.$$" -cp "$jars/*" \
        io.ringtap.daemon.Main run --config "$work/ringtap.toml" >>"$work/output" 2>&1 </dev/null &
    daemon=$!
    while kill -0 "$daemon" 2>/dev/null && ! grep -q ready "$work/output"; do
        sleep 0.1
    done
}

# Asks it, and has it stop.
rehearse_commands() { # uses `options`, `jars`, `work` and `daemon`
    local socket=(--socket "$work/control.sock")
    timeout --foreground 60 "$java_home/bin/java" @"$options/command.options" -XX:AOTCacheOutput="$jars/.command.aot.$$" -cp "$jars/*" \
        io.ringtap.daemon.Rehearsal --version , --help , stats --help , check-config "$work/ringtap.toml" , \
        stats "${socket[@]}" , stats --json "${socket[@]}" , flows --help , stream list "${socket[@]}" , names workers "${socket[@]}" , \
        devices , \
        reload "${socket[@]}" , stop "${socket[@]}" >>"$work/output" 2>&1 </dev/null
}
