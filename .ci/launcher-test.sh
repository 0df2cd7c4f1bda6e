#!/usr/bin/env bash
# What ./ringtap promises, on a copy of it whose Maven and Java only write down how they were called. One line a test,
# `ok …` or `FAILED …`, and a closing line.
set -uo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checkout="$work/a check out" # spaces on purpose
log=$work/log
cache_result=$work/cache
export log cache_result

fake_java() { # FOLDER VERSION
    mkdir -p "$1/bin"
    printf 'IMPLEMENTOR="nobody"\nJAVA_VERSION="%s"\n' "$2" >"$1/release"
    cat >"$1/bin/java" <<'JAVA'
#!/usr/bin/env bash
printf -v arguments ' [%s]' "$@"
for argument in "$@"; do
    if [[ $argument == -XX:AOTCacheOutput=* ]]; then
        echo "cache$arguments" >>"$log"
        touch "${argument#*=}"
        [[ $(<"$cache_result") != hang ]] || { echo ready && exec -a "hang $argument" sleep 600; }
        exit "$(<"$cache_result")"
    fi
done
echo "java pid=$$ home=${0%/bin/java} locale=${LC_ALL-none}$arguments" >>"$log" # at once: others write too
echo "standard output of java"
JAVA
    cp "$1/bin/java" "$1/bin/javac"
    chmod +x "$1/bin/"*
}

fake_maven() { # EXIT_CODE
    cat >"$work/bin/mvn" <<MAVEN
#!/usr/bin/env bash
echo "maven in=\$PWD home=\$JAVA_HOME tool_options=\${JAVA_TOOL_OPTIONS-none} \$*" >>"\$log"
echo "standard output of maven"
sleep 0.3
mkdir -p daemon/target/{lib,classes}
[[ ! -e "$work/killed" ]] || { touch daemon/target/classes/Half.class; rm "$work/killed"; kill -KILL "\$PPID" \$\$; }
touch daemon/target/lib/ringtap-daemon-0.jar
exit $1
MAVEN
    chmod +x "$work/bin/mvn"
}

fresh() {
    rm -rf "$checkout" "$log"
    mkdir -p "$checkout"/{.mvn,systemd} "$checkout"/{capture,inject,daemon}/src/main/java "$work/bin"
    cp "$here/../ringtap" "$checkout/"
    cp -r "$here/../daemon/launcher" "$checkout/daemon/"
    cp "$here/../systemd/"*.options "$checkout/systemd/"
    mkdir -p "$checkout"/daemon/src/test/java/io/ringtap/{manual,daemon/reference}
    touch "$checkout"/pom.xml "$checkout"/{capture,inject,daemon}/pom.xml "$checkout"/capture/{HANDLERS,BUILT-IN}.md
    touch "$checkout/capture/src/main/java/Frame.java"
    touch -d '1 minute ago' "$work/minute"
    find "$checkout" -exec touch -h -r "$work/minute" {} +
    fake_maven 0
    echo 0 >"$cache_result"
    : >"$log"
}

# Runs the launcher; what it printed is in $work/out and $work/err, how it ended in `status`.
start() {
    status=0
    env -u JAVA_HOME RINGTAP_JAVA_HOME="$work/jdk 25" PATH="$work/bin:$PATH" "$checkout/ringtap" "$@" \
        >"$work/out" 2>"$work/err" </dev/null || status=$?
}

logged() { grep -cE "$1" "$log"; }

expect() { # NAME, then the outcome of the condition before it
    local outcome=$1
    shift
    if ((outcome == 0)); then
        printf 'ok      launcher: %s\n' "$*"
    else
        printf 'FAILED  launcher: %s\n' "$*"
        sed 's/^/        log: /' "$log"
        sed 's/^/        err: /' "$work/err"
    fi
}

fake_java "$work/jdk 25" 25.0.3
fake_java "$work/jdk 21" 21.0.1
fake_java "$work/jdk 26" 26-ea

fresh
start run -i 'a b' --set 'x="1 2"'
[[ $status -eq 0 && $(logged '^maven') -eq 1 && $(logged "^maven in=$checkout home=$work/jdk 25") -eq 1 ]]
expect $? "builds on the first start, in the checkout, with the JDK it found"
grep -qF "[io.ringtap.daemon.Main] [run] [-i] [a b] [--set] [x=\"1 2\"]" "$log"
expect $? "passes arguments on unharmed"
grep -qF "[@$checkout/systemd/jvm.options] [-XX:AOTCache=$checkout/daemon/target/lib/jvm.aot] [-cp] [$checkout/daemon/target/lib/*]" \
    <(grep ^java "$log")
expect $? "takes the options that the unit takes, and every jar of the build"
[[ $(logged '^cache') -eq 2 && $(grep ^cache "$log" | grep -cF "[-cp] [$checkout/daemon/target/lib/*]") -eq 2 &&
    $(logged '^cache.*/jvm\.options\].*io\.ringtap\.daemon\.Main\] \[run\]') -eq 1 &&
    $(logged '^cache.*/command\.options\].*\[stats\]') -eq 1 ]]
expect $? "has the JVM keep what a daemon and the commands load, of the same jars"
[[ $(<"$work/out") == "standard output of java" ]]
expect $? "leaves standard output to the program"
[[ $(grep -c 'building ringtap (first start) …' "$work/err") -eq 1 ]]
expect $? "says in a line that it builds"

: >"$log"
start stats
[[ $(logged '^maven') -eq 0 && $(logged '^cache') -eq 0 && $(logged '^java') -eq 1 && ! -s $work/err ]]
expect $? "builds nothing when nothing has changed, and is silent"
grep -qF "[@$checkout/systemd/command.options] [-XX:AOTCache=$checkout/daemon/target/lib/command.aot]" <(grep ^java "$log")
expect $? "takes the options and the cache of commands for a command that answers at once"

: >"$log"
sleep 0.01
touch "$checkout/daemon/target/lib/capture.jar"
start stats
[[ $(logged '^maven') -eq 0 && $(logged '^cache') -eq 2 && $(logged '^java') -eq 1 && ! -s $work/err ]]
expect $? "learns starts anew when Maven alone has built"

: >"$log"
sleep 0.01
touch "$checkout/daemon/target/lib/capture.jar"
for _ in 1 2 3; do
    env RINGTAP_JAVA_HOME="$work/jdk 25" PATH="$work/bin:$PATH" "$checkout/ringtap" stats >/dev/null 2>>"$work/err" &
done
wait
[[ $(logged '^cache') -eq 2 && $(logged '^java') -eq 3 && -z $(find "$checkout/daemon/target/lib" -name '.*.aot.*') ]]
expect $? "learns once for three starts at a time, and leaves nothing else behind"

: >"$log"
sleep 0.01
touch "$checkout/daemon/target/lib/capture.jar"
echo 3 >"$cache_result"
start stats
[[ $status -eq 0 && $(logged '^java') -eq 1 && $(grep -c 'starts will take longer' "$work/err") -eq 1 ]]
expect $? "starts without what it could not learn, and says so"
echo 0 >"$cache_result"

: >"$log"
touch "$checkout/capture/src/main/java/Frame.java"
start stats
[[ $(logged '^maven') -eq 1 && $(grep -c 'sources changed' "$work/err") -eq 1 ]]
expect $? "builds again when a source has changed"

: >"$log"
sleep 0.01
rm "$checkout/capture/src/main/java/Frame.java"
start stats
[[ $(logged '^maven') -eq 1 ]]
expect $? "builds again when a source has gone"

fresh
fake_maven 1
start run
[[ $status -eq 1 && $(logged '^java') -eq 0 && $(grep -c 'the build failed' "$work/err") -eq 1 ]]
expect $? "starts nothing when the build failed"
fake_maven 0
start run
[[ $status -eq 0 && $(logged '^java') -eq 1 ]]
expect $? "tries a failed build again"

rm "$checkout/daemon/target/lib/"*.jar
: >"$log"
start run
[[ $status -eq 0 && $(logged '^maven') -eq 1 && $(logged '^java') -eq 1 ]]
expect $? "builds again when there are no jars, whatever the stamp says"

touch "$checkout/capture/src/main/java/Frame.java" "$work/killed"
start run
killed=$status
[[ -e $checkout/daemon/target/classes/Half.class && ! -e $checkout/daemon/target/lib/stamp ]]
expect $? "leaves no stamp when a build is killed"
: >"$log"
start run
[[ $killed -ne 0 && $status -eq 0 && $(logged '^maven') -eq 1 && $(logged '^java') -eq 1 &&
    ! -e $checkout/daemon/target/classes/Half.class ]]
expect $? "begins from nothing after a build that was killed"

fresh
for _ in 1 2 3; do
    env RINGTAP_JAVA_HOME="$work/jdk 25" PATH="$work/bin:$PATH" "$checkout/ringtap" stats >/dev/null 2>>"$work/err" &
done
wait
[[ $(logged '^maven') -eq 1 && $(logged '^java') -eq 3 ]]
expect $? "builds once for three starts at a time"

ln -s "$checkout/ringtap" "$work/bin/ringtap-link"
: >"$log"
(cd / && env RINGTAP_JAVA_HOME="$work/jdk 25" "$work/bin/ringtap-link" devices >/dev/null 2>"$work/err")
[[ $(logged '^java.*\[devices\]') -eq 1 ]]
expect $? "works from any folder and through a symlink"

: >"$log"
RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>"$work/err" &
launched=$!
wait "$launched"
[[ $(logged "^java pid=$launched ") -eq 1 ]]
expect $? "becomes java, so that signals reach it"

: >"$log"
env -u RINGTAP_JAVA_HOME JAVA_HOME="$work/jdk 26" "$checkout/ringtap" run >/dev/null 2>"$work/err"
[[ $(logged "home=$work/jdk 26 ") -eq 1 ]]
expect $? "takes JAVA_HOME when that is new enough"

status=0
RINGTAP_JAVA_HOME="$work/jdk 21" "$checkout/ringtap" run >/dev/null 2>"$work/err" || status=$?
[[ $status -eq 1 && $(grep -c "RINGTAP_JAVA_HOME is $work/jdk 21, which has no java of Java 25" "$work/err") -eq 1 ]]
expect $? "refuses a RINGTAP_JAVA_HOME that is too old"

: >"$log"
LC_ALL=C RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>"$work/err"
LC_ALL=xx_YY.utf8 RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>>"$work/err"
LC_ALL=C.utf8 RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>>"$work/err"
[[ $(logged ' locale=C.UTF-8 ') -eq 2 && $(logged ' locale=C.utf8 ') -eq 1 ]]
expect $? "gives Java a locale of UTF-8 where there is none, or one that is not installed"

: >"$log"
RINGTAP_JAVA_OPTS='-Xmx1g  -Da=b' RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>"$work/err"
[[ $(logged '\[-Xmx1g\] \[-Da=b\] \[-cp\]') -eq 1 ]]
expect $? "adds RINGTAP_JAVA_OPTS"

: >"$log"
RINGTAP_CLASSPATH='my classes:/x/lib/*' RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>"$work/err"
grep -qF "[-cp] [$checkout/daemon/target/lib/*:my classes:/x/lib/*] [io.ringtap.daemon.Main]" "$log"
expect $? "puts RINGTAP_CLASSPATH behind its own classes"

: >"$log"
RINGTAP_CLASSPATH='' RINGTAP_JAVA_HOME="$work/jdk 25" "$checkout/ringtap" run >/dev/null 2>"$work/err"
grep -qF "[-cp] [$checkout/daemon/target/lib/*] [io.ringtap.daemon.Main]" "$log"
expect $? "takes an empty RINGTAP_CLASSPATH for none, not for the folder it is in"

: >"$log"
touch "$checkout/pom.xml"
JAVA_TOOL_OPTIONS=-Dx=y start run
[[ $(logged '^maven.* tool_options=none ') -eq 1 ]]
expect $? "keeps JAVA_TOOL_OPTIONS from the JVMs that Maven starts"

fresh
echo hang >"$cache_result"
rehearsing() { pgrep -f -- "^hang -XX:AOTCacheOutput=$checkout" | wc -l; }
setsid env -u JAVA_HOME RINGTAP_JAVA_HOME="$work/jdk 25" PATH="$work/bin:$PATH" "$checkout/ringtap" --version \
    >"$work/out" 2>"$work/err" </dev/null &
stopped=$!
for _ in {1..600}; do
    (($(rehearsing) < 2)) || break # the daemon, and the commands that ask it
    sleep 0.1
done
begun=$(rehearsing)
kill -TERM -- "-$stopped"
wait "$stopped"
for _ in {1..300}; do # it would end by itself after 60 s
    [[ -n $(find "$checkout/daemon/target/lib" -name '.*.aot.*') || $(rehearsing) -gt 0 ]] || break
    sleep 0.1
done
[[ $begun -eq 2 && $(rehearsing) -eq 0 && -z $(find "$checkout/daemon/target/lib" -name '.*.aot.*') ]]
expect $? "takes along what it has begun to make the caches, when it is stopped itself"

fresh
start names workers
[[ $status -eq 1 && $(logged .) -eq 0 && ! -s $work/err && ! -s $work/out ]]
expect $? "does not build for a Tab, and is silent"
start --version
: >"$log"
touch "$checkout/capture/src/main/java/Frame.java"
start names workers
[[ $status -eq 0 && $(logged .) -eq 1 && $(logged '^java.*\[names\] \[workers\]') -eq 1 && ! -s $work/err ]]
expect $? "asks by what was built before, when sources have changed"

fresh
chmod -R a+rX "$work"
chmod 755 "$work"
chmod 666 "$log"
as_nobody=(env)
((EUID != 0)) || as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env)
((EUID == 0)) || chmod -R a-w "$checkout"
status=0
"${as_nobody[@]}" RINGTAP_JAVA_HOME="$work/jdk 25" PATH="$work/bin:$PATH" "$checkout/ringtap" run \
    >/dev/null 2>"$work/err" || status=$?
[[ $status -eq 1 && $(logged .) -eq 0 && $(grep -c 'is not built, and not yours to write to' "$work/err") -eq 1 ]]
expect $? "says so when there is no build and no right to make one"
((EUID == 0)) || chmod -R u+w "$checkout"

echo "launcher test ended"
