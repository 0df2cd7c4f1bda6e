# shellcheck shell=bash
# What every script begins with: where tools are, names of files in UTF-8, and messages. Everything that is said here and in
# the files beside this one goes to standard error: standard output belongs to the program.

# Where ip, ethtool and ldconfig are, but not on every user's PATH.
[[ $PATH: == *:/usr/local/sbin:/usr/sbin:/sbin:* ]] || PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
# Names of files are UTF-8, whatever the user's language: in another locale, or in one that is not installed, Java finds none
# with letters that ASCII lacks. Only in UTF-8 are these three bytes one letter.
euro=$'\xe2\x82\xac'
((${#euro} == 1)) || export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }

die() {
    say "${0##*/}: $*"
    exit 1
}

# Whether root is so in a user namespace alone, and cannot install packages, or capture: only the first namespace maps all ids.
in_user_namespace() {
    local first outside count
    [[ -r /proc/self/uid_map ]] && read -r first outside count </proc/self/uid_map && [[ $first:$outside:$count != 0:0:4294967295 ]]
}
