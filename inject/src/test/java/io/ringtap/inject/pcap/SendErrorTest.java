package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.inject.kernel.Errno;
import org.junit.jupiter.api.Test;

class SendErrorTest {
    @Test
    void shouldTellAnErrorByTheEndOfTheText() {
        assertEquals(Errno.EMSGSIZE, SendError.errno("send: Message too long"));
        assertEquals(Errno.ENETDOWN, SendError.errno("send: Network is down"));
        assertEquals(Errno.ENOBUFS, SendError.errno("send: No buffer space available"));
        assertEquals(Errno.ENOMEM, SendError.errno("send: Cannot allocate memory"));
        assertEquals(Errno.EAGAIN, SendError.errno("send: Resource temporarily unavailable"));
    }

    @Test
    void shouldTellNoOther() {
        assertEquals(0, SendError.errno("send: No such device or address"));
        assertEquals(0, SendError.errno("send: Network is down, or is it"));
        assertEquals(0, SendError.errno(""));
    }
}
