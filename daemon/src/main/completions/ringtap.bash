# shellcheck shell=bash
# Completion of ringtap for bash, by bash-completion. Behind this the build writes _ringtap_takes, from the command line's
# own specification.

_ringtap() {
    type -t _init_completion >/dev/null || return
    # shellcheck disable=SC2034 # _init_completion sets what it is given
    local cur prev words cword split
    _init_completion -s || return
    local commands options values parameters
    local -a kinds
    local i word command='' given=0 valued='' socket=()
    _ringtap_takes "$command"
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        if [[ -n $valued ]]; then
            [[ $valued != --socket ]] || socket=(--socket "$(_ringtap_unquoted "$word")")
            valued=''
        elif [[ $word == --socket=* ]]; then
            socket=(--socket "$(_ringtap_unquoted "${word#*=}")")
        elif [[ $word == -* ]]; then
            [[ " $values " != *" $word:"* ]] || valued=$word
        elif [[ " $commands " == *" $word "* ]]; then
            command+=" $word"
            _ringtap_takes "$command"
        else
            given=$((given + 1))
        fi
    done
    [[ ${words[cword]} != --*=* ]] || valued=${words[cword]%%=*}
    if [[ -n $valued ]]; then
        [[ ! " $values " =~ " $valued:"([^ ]+)" " ]] || _ringtap_value "${BASH_REMATCH[1]}"
    elif [[ $cur == -* ]]; then
        _ringtap_words <<<"${options// /$'\n'}"
    elif [[ -n $commands ]]; then
        _ringtap_words <<<"${commands// /$'\n'}"
    else
        read -ra kinds <<<"$parameters"
        _ringtap_value "${kinds[given]-nothing}"
    fi
}

_ringtap_unquoted() { printf '%s' "${1//[\\\'\"]/}"; } # WORD

# Lines of standard input that go on from what is there; compgen would have the shell expand them.
_ringtap_words() {
    local line
    while IFS= read -r line; do
        [[ -z $line || $line != "$cur"* ]] || COMPREPLY+=("$(printf %q "$line")")
    done
}

# WORD,…, or WORD,…+UNIT,… where a number takes its unit, or a kind.
_ringtap_value() { # KIND
    local program=${words[0]/#\~/$HOME} units=${1#*+}
    case $1 in
        nothing) ;;
        file) _filedir ;;
        folder) _filedir -d ;;
        interfaces) _ringtap_words < <(_ringtap_interfaces) ;;
        captures | recorders | workers | streams)
            _ringtap_words < <(timeout 5 "$program" names "$1" "${socket[@]}" 2>/dev/null </dev/null)
            ;;
        *+*)
            if [[ $cur =~ ^[0-9]+(\.[0-9]+)? ]]; then
                _ringtap_words <<<"${BASH_REMATCH[0]}${units//,/$'\n'${BASH_REMATCH[0]}}"
            else
                _ringtap_value "${1%%+*}"
            fi
            ;;
        *) _ringtap_words <<<"${1//,/$'\n'}" ;;
    esac
}

# With their alternative names.
_ringtap_interfaces() {
    local interface
    for interface in /sys/class/net/*; do
        [[ ! -L $interface ]] || printf '%s\n' "${interface##*/}"
    done
    PATH=$PATH:/usr/sbin:/sbin ip -o link show 2>/dev/null | tr '\134' '\n' | sed -n 's/^ *altname //p'
}

complete -F _ringtap ringtap

