# shellcheck shell=bash
# What a bare Debian that is made for a test takes over from this machine: where packages come from, and how.

# Where this machine's packages come from, but for what has an archive of its own; nothing where it is no Debian.
mirror() {
    # shellcheck disable=SC2016 # apt-get's variables
    apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL) $(COMPONENT)' 'Created-By: Packages' |
        awk '$2 == "Debian" && $3 == "Debian" && $4 == "main" { print $1; exit }'
}

# How this machine's apt reaches it, proxies and certificates included; not what apt itself has set.
apt_settings() { apt-config dump Acquire | grep -vE '^Acquire::(IndexTargets|Changelogs|CompressionTypes|GzipIndexes|cdrom)'; }

# With the files that the settings name, such as keys and scripts, and the passwords.
copy_apt_settings() { # FOLDER
    local file
    mkdir -p "$1/etc/apt/apt.conf.d"
    apt_settings >"$1/etc/apt/apt.conf.d/99host" || return
    sed -n 's/^[^ ]* "\(\/[^"]*\)";$/\1/p' "$1/etc/apt/apt.conf.d/99host" | cat - <(printf '%s\n' /etc/apt/auth.conf /etc/apt/auth.conf.d/*) |
        while IFS= read -r file; do
            [[ ! -f $file ]] || cp --parents -L -- "$file" "$1" || return
        done
}
