package io.ringtap.inject.xdp;

import io.ringtap.inject.kernel.Errno;

/** The kernel refused a command of bpf(2). */
final class BpfException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    BpfException(String what, int errno, String detail) {
        super(what + " failed with errno " + errno + " (" + Errno.text(errno) + ")"
                + (detail.isEmpty() ? "" : ": " + detail));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
