# Completion of ringtap for fish. Behind this the build writes what each command takes, from the command line's own
# specification.

# Whether the words so far are these commands and, after them, so many parameters; any number with -.
function __ringtap_at
    set -l words (commandline -opc)
    set -l path
    set -l skip no
    for word in $words[2..]
        if test $skip = yes
            set skip no
        else if contains -- $word $__ringtap_valued
            set skip yes
        else if not string match -q -- '-*' $word
            set -a path $word
        end
    end
    set -l depth (math (count $argv) - 1)
    test $depth -eq 0; or test "$path[1..$depth]" = "$argv[2..]"
    and test $argv[1] = - -o (math (count $path) - $depth) = $argv[1]
end

function __ringtap_names # captures, recorders, workers or streams
    set -l words (commandline -opc)
    set -l socket
    if set -l at (contains -i -- --socket $words)
        set socket --socket $words[(math $at + 1)]
    else
        set socket (string replace -r -f -- '^--socket=' '--socket=' $words)
    end
    timeout 5 (string replace -r '^~' $HOME -- $words[1]) names $argv[1] $socket 2>/dev/null </dev/null
end

# With their alternative names.
function __ringtap_interfaces
    for interface in /sys/class/net/*
        test -L $interface; and string replace -r '.*/' '' -- $interface
    end
    begin
        set -lx PATH $PATH /usr/sbin /sbin
        command -q ip; and ip -o link show 2>/dev/null | string split '\\' | string replace -r -f '^ *altname ' ''
    end
end

# Words, then + and units, which a number takes.
function __ringtap_units
    set -l at (contains -i -- + $argv)
    set -l number (string match -r '^[0-9]+(?:\.[0-9]+)?' -- (commandline -ct | string replace -r '^--[^=]*=' ''))
    if test -n "$number"
        printf "$number%s\n" $argv[(math $at + 1)..]
    else if test $at -gt 1
        printf '%s\n' $argv[1..(math $at - 1)]
    end
end

complete -c ringtap -e
complete -c ringtap -f

