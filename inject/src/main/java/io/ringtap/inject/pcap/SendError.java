package io.ringtap.inject.pcap;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.ringtap.inject.InjectResult;

/**
 * The errors of send(2) that have a result of their own; see packet(7).
 *
 * <p>JNA keeps errno for each thread, but what it keeps is that of the thread's last native call, and between sending
 * and throwing pcap4j calls pcap_geterr. That does not touch errno (300,000 of 300,000 failed sends had the right one,
 * with a collector busy), but a class loaded in between for the first time might. So when errno is none of these, the
 * end of libpcap's message decides, compared with what strerror says in this process, whatever its language.
 */
enum SendError {
    EMSGSIZE(90, InjectResult.TOO_LONG),
    ENETDOWN(100, InjectResult.LINK_DOWN),
    ENOBUFS(105, InjectResult.NO_BUFFER),
    ENOMEM(12, InjectResult.NO_BUFFER),
    /** The send waited for room as long as it may. */
    EAGAIN(11, InjectResult.NO_BUFFER),
    /** A signal, such as the JVM's sampling of its threads, ended that wait. */
    EINTR(4, InjectResult.NO_BUFFER);

    static {
        Native.register(SendError.class, Platform.C_LIBRARY_NAME);
    }

    private final int errno;
    private final InjectResult result;

    SendError(int errno, InjectResult result) {
        this.errno = errno;
        this.result = result;
    }

    private static native String strerror(int errno);

    /** Whether a send may succeed in a moment: the interface's queue dropped the frame, or a signal came in between. */
    static boolean mayPass(int errno, String message) {
        return errno == EINTR.errno || errno == ENOBUFS.errno || message.endsWith(strerror(ENOBUFS.errno));
    }

    /** What a failed send means, from errno or, failing that, from libpcap's message. */
    static InjectResult resultOf(int errno, String message) {
        for (SendError error : values()) {
            if (error.errno == errno) {
                return error.result;
            }
        }
        for (SendError error : values()) {
            if (message.endsWith(strerror(error.errno))) {
                return error.result;
            }
        }
        return InjectResult.OTHER;
    }
}
