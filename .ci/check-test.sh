#!/usr/bin/env bash
# What ./check promises of a red run, on a copy of this checkout, with its build, in which something is broken on purpose.
# Needs a build. One line a test, `ok …` or `FAILED …`, and a closing line.
set -uo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
root=${here%/.ci}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy=$work/copy
planted=inject/src/test/java/io/ringtap/inject/PlantedTest.java
source_file=inject/src/main/java/io/ringtap/inject/config/Engine.java
three=LineLimitTest,PlantedTest,StatusLineTest # one class a module

# What runs beside this one makes folders where these are read, which tar tells with 1.
copy_files() { # ARGUMENTS_FOR_TAR...
    local outcomes
    tar -C "$root" -cf - "$@" | tar -C "$copy" -xf -
    outcomes=("${PIPESTATUS[@]}")
    ((outcomes[0] <= 1 && outcomes[1] == 0))
}

copy_checkout() {
    mkdir "$copy"
    git -C "$root" ls-files -z >"$work/files"
    copy_files --null --ignore-failed-read -T "$work/files" &&
        copy_files --exclude=surefire-reports --exclude=fuzz --exclude='*.aot' {capture,inject,daemon}/target || return
    # Maven keeps the list of what it compiled, with whole paths: without this it would compile all of it again.
    find "$copy" -name '*.lst' -exec sed -i "s#^$root/#$copy/#" {} +
    git -C "$copy" init -q && git -C "$copy" add -A &&
        git -C "$copy" -c user.name=check -c user.email=check@localhost commit -qm "as it is"
}

# Runs ./check there; what it printed is in $work/out, how it ended in `status`.
check() {
    status=0
    rm -rf "$copy/target/check"
    "$copy/check" "$@" >"$work/out" 2>&1 </dev/null || status=$?
}

says() { grep -cF -- "$1" "$work/out"; }

changed() { git -C "$copy" status --porcelain --untracked-files=all; }

expect() { # OUTCOME NAME
    if (($1 == 0)); then
        printf 'ok      check: %s\n' "$2"
    else
        printf 'FAILED  check: %s\n' "$2"
        sed 's/^/        /' "$work/out"
    fi
}

tests_in() { # CLASS
    find "$copy" -name "$1.java" -exec grep -cE '^    @Test$' {} +
}

copy_checkout >"$work/out" 2>&1
expect $? "a checkout can be copied with its build"

cat >"$copy/$planted" <<'JAVA'
package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlantedTest {
    @Test
    void shouldFail() {
        assertEquals(1, 2, "planted");
    }
}
JAVA
others=$(($(tests_in LineLimitTest) + $(tests_in StatusLineTest)))
check --only "$three"
((status == 1 && others > 0)) && [[ $(tail -n 1 "$work/out") == "$others passed, 1 failed" ]]
expect $? "one failing test of inject is one failure, and the tests of all modules run"
[[ $(says shouldFail) -eq 2 && $(grep -A 3 '^what failed:' "$work/out") == "what failed:
FAILED  inject: io.ringtap.inject.PlantedTest.shouldFail
        planted ==> expected: <1> but was: <2>
        alone: ./check --only PlantedTest#shouldFail" ]]
expect $? "a failure is told once, at the end: which, why, and the command that runs it alone"
check --only "PlantedTest#shouldFail"
((status == 1)) && [[ $(tail -n 1 "$work/out") == "0 passed, 1 failed" ]]
expect $? "that command runs it alone"
[[ $(changed) == "?? $planted" ]]
expect $? "a red run leaves the tree as it was"
version=$("$copy/ringtap" --version 2>"$work/out" </dev/null) && [[ $version == *ringtap* ]]
expect $? "./ringtap works after a red run"

rm "$copy/$planted"
sed -i '$s/.*/\n    private Missing missing;\n}/' "$copy/$source_file"
check --only "$three,EngineTest" # no such class now
((status == 1)) && [[ $(says "there is no test class PlantedTest") -eq 1 ]]
expect $? "a class that is not there is said to be none"
check --only LineLimitTest,EngineTest,StatusLineTest
((status == 1)) && [[ $(tail -n 1 "$work/out") == "$(tests_in LineLimitTest) passed, 1 failed" ]] &&
    [[ $(says "/Engine.java:[") -eq 1 && $(says "cannot find symbol") -eq 1 && $(grep -A 2 '^not run: 2' "$work/out") == "not run: 2
        tests of inject: it was not built
        tests of daemon: it was not built" ]]
expect $? "a source that does not compile is one failure, and what could not be built for it is told as not run"
status=0
"$copy/ringtap" --version >"$work/out" 2>&1 </dev/null || status=$?
((status == 1)) && [[ $(says "the build failed") -eq 1 && $(says "Could not find or load main class") -eq 0 ]]
expect $? "./ringtap says then that its build failed"
[[ $(changed) == " M $source_file" ]]
expect $? "the tree is as it was then, too"

echo "check test ended"
