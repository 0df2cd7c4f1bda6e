package io.ringtap.inject.pcap;

import io.ringtap.inject.kernel.Errno;

/**
 * The errors of send(2) that mean something to an engine, told by libpcap's text, which ends with what strerror(3) says in this
 * process, whatever its language. Having errno kept for each call, in case it fails, costs 10 ns a frame.
 */
final class SendError {
    private static final int[] KNOWN = {
        Errno.EMSGSIZE, Errno.ENETDOWN, Errno.ENOBUFS, Errno.ENOMEM, Errno.EAGAIN, Errno.EINTR
    };
    private static final String[] TEXTS = texts();

    private SendError() {}

    private static String[] texts() {
        String[] texts = new String[KNOWN.length];
        for (int i = 0; i < KNOWN.length; i++) {
            texts[i] = Errno.text(KNOWN[i]);
        }
        return texts;
    }

    /** Of a failed send; 0 if it is none of those. */
    static int errno(String text) {
        for (int i = 0; i < KNOWN.length; i++) {
            if (text.endsWith(TEXTS[i])) {
                return KNOWN[i];
            }
        }
        return 0;
    }

    /**
     * Returns whether a send may succeed in a moment: the interface's queue dropped the frame, or a signal, such as the JVM's sampling of its
     * threads, ended the wait for room.
     */
    static boolean mayPass(int errno) {
        return errno == Errno.EINTR || errno == Errno.ENOBUFS;
    }
}
