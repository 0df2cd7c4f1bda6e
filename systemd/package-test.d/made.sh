# shellcheck shell=bash
# The package itself, the one that comes after it, and the bare system.

: "${work:?}" "${tree:?}" "${suite:?}" "${lower:?}" # of package-test

is_made() {
    ./ringtap package "$work/first" >"$work/made" 2>"$work/making" && package=$(<"$work/made")
    say_result $? "is made"
    [[ -e ${package-} ]] || { sed 's/^/        /' "$work/making"; return 1; }
    ./ringtap package "$work/second" >/dev/null && cmp -- "$package" "$work/second/${package##*/}"
    local outcome=$?
    say_result "$outcome" "is made again of the same bytes"
    ((outcome == 0)) || tell_difference "$package" "$work/second/${package##*/}" | sed 's/^/        /'
    (($(stat -c %s "$package") <= 60000000))
    say_result $? "has 60 MB at most"
    lintian --allow-root --fail-on error --tag-display-limit 0 "$package" >"$work/lintian" 2>&1
    outcome=$?
    say_result "$outcome" "lintian finds no error that is not accounted for"
    ((outcome == 0)) || sed 's/^/        /' "$work/lintian"
    dpkg-deb -x "$package" "$work/content" && tree=$work/content documents_link_to_what_is_there
    say_result $? "the documents link to what is there"
    licences_are_told
    say_result $? "tells the licence of each jar that it has"
}

tell_difference() { # PACKAGE PACKAGE
    dpkg-deb -R "$1" "$work/one" && dpkg-deb -R "$2" "$work/other"
    diff -rq "$work/one" "$work/other"
}

# Each jar that is not ringtap's, by a pattern of a "Files:" of its own; and nothing that is not there.
licences_are_told() {
    local jar pattern told
    told=$(sed -n '/^Files: /,/^Copyright/{s/^Files://;/^Copyright/d;p}' "$work/content/usr/share/doc/ringtap/copyright")
    (cd "$work/content" && find usr/lib/ringtap/lib -name '*.jar' ! -name 'ringtap-*[0-9].jar') >"$work/jars"
    (($(wc -l <"$work/jars") > 10)) || return
    while IFS= read -r jar; do
        for pattern in $told; do
            # shellcheck disable=SC2053 # a pattern it is
            [[ $pattern == "*" || $jar != $pattern ]] || continue 2
        done
        printf '        no licence is told of %s\n' "$jar"
        return 1
    done <"$work/jars"
    for pattern in $told; do
        [[ $pattern != usr/* || -n $(cd "$work/content" && compgen -G "$pattern") ]] || {
            printf '        a licence is told of %s, which is not there\n' "$pattern"
            return 1
        }
    done
}

# A next version: other names of jars, and another configuration as it is shipped.
makes_a_next_one() {
    version=$(dpkg-deb -f "$package" Version)
    next=$work/next.deb
    local content=$work/next lib=$work/next/usr/lib/ringtap/lib jar
    dpkg-deb -R "$package" "$content" && sed -i "s/^Version: .*/Version: $version+next/" "$content/DEBIAN/control" &&
        sed -i "s/\"$version\"/\"$version+next\"/" "$content/DEBIAN/preinst" &&
        for jar in "$lib"/ringtap-*.jar; do mv "$jar" "${jar%.jar}-next.jar" || return; done &&
        printf '# Of the next version.\n' >>"$content/etc/ringtap/ringtap.toml" &&
        (cd "$content" && find usr -type f -exec md5sum {} + >DEBIAN/md5sums) &&
        dpkg-deb --root-owner-group -Z gzip -z1 -b "$content" "$next" >/dev/null
    say_result $? "is made of a next version"
}

# With what the package needs downloaded and not installed. The hooks' own $1 is the folder.
# shellcheck disable=SC2016
bare_system() {
    local need kept
    need=$(dpkg-deb -f "$package" Depends)
    kept=target/bare/$suite-$(cksum <<<"$need" | cut -d ' ' -f 1).tar
    if [[ ! -e $kept ]]; then
        copy_apt_settings "$work/settings" && mkdir -p target/bare || return
        local from
        from=$(mirror)
        deb=$package settings=$work/settings mmdebstrap --quiet --variant=apt --dpkgopt=force-unsafe-io --skip=cleanup/apt \
            --include=systemd,procps --setup-hook='cp -r "$settings/." "$1"' --customize-hook='cp "$deb" "$1/ringtap.deb"
                chroot "$1" apt-get -y --no-install-recommends --download-only install /ringtap.deb && rm "$1/ringtap.deb"' \
            "$suite" "$work/bare.tar" ${from:+"$from"} || return
        mv -- "$work/bare.tar" "$kept"
    fi
    mkdir "$lower" && tar -x -f "$kept" -C "$lower" || return
    mkdir -p "$tree/opt" "$work/mount"
    cp -- "$package" "$tree/opt/ringtap.deb" && cp -- "$next" "$tree/opt/next.deb"
}
