package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.send.InjectResult;
import org.junit.jupiter.api.Test;

class SendErrorTest {
    @Test
    void shouldTellAnErrorByTheEndOfTheText() {
        assertEquals(Errno.EMSGSIZE, SendError.errno("send: Message too long"));
        assertEquals(Errno.ENETDOWN, SendError.errno("send: Network is down"));
        assertEquals(Errno.ENOBUFS, SendError.errno("send: No buffer space available"));
        assertEquals(Errno.ENOMEM, SendError.errno("send: Cannot allocate memory"));
        assertEquals(Errno.EAGAIN, SendError.errno("send: Resource temporarily unavailable"));
        assertEquals(Errno.EINTR, SendError.errno("send: Interrupted system call"));
    }

    @Test
    void shouldTellNoOther() {
        assertEquals(0, SendError.errno("send: No such device or address"));
        assertEquals(0, SendError.errno("send: Network is down, or is it"));
        assertEquals(0, SendError.errno(""));
    }

    @Test
    void shouldHaveAFrameTriedAgainThatTheQueueDroppedOrASignalKeptFromWaitingForRoom() {
        assertTrue(SendError.mayPass(Errno.ENOBUFS));
        assertTrue(SendError.mayPass(Errno.EINTR));
        assertFalse(SendError.mayPass(Errno.EAGAIN), "it has waited");
        assertFalse(SendError.mayPass(Errno.ENETDOWN));
        assertEquals(InjectResult.NO_BUFFER, Errno.resultOf(Errno.EINTR));
    }
}
