package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.InjectResult;
import org.junit.jupiter.api.Test;

class SendErrorTest {
    private static final int ENOENT = 2;
    private static final int ENXIO = 6;

    @Test
    void shouldGoByTheErrorNumberWhateverTheLanguageOfTheMessage() {
        assertEquals(InjectResult.TOO_LONG, SendError.resultOf(90, "send: Nachricht ist zu lang"));
        assertEquals(InjectResult.LINK_DOWN, SendError.resultOf(100, ""));
        assertEquals(InjectResult.NO_BUFFER, SendError.resultOf(105, ""));
        assertEquals(InjectResult.NO_BUFFER, SendError.resultOf(11, ""));
    }

    @Test
    void shouldHaveAFrameTriedAgainThatTheQueueDroppedOrASignalKeptFromWaitingForRoom() {
        assertTrue(SendError.mayPass(105, "send: No buffer space available"));
        assertTrue(SendError.mayPass(4, "send: Interrupted system call"));
        assertFalse(SendError.mayPass(11, "send: Resource temporarily unavailable"), "it has waited");
        assertFalse(SendError.mayPass(100, "send: Network is down"));
        assertEquals(InjectResult.NO_BUFFER, SendError.resultOf(4, ""));
    }

    @Test
    void shouldGoByTheMessageWhenSomethingElseHasSetTheErrorNumber() {
        assertEquals(InjectResult.TOO_LONG, SendError.resultOf(ENOENT, "send: Message too long"));
        assertEquals(InjectResult.LINK_DOWN, SendError.resultOf(0, "send: Network is down"));
        assertEquals(InjectResult.NO_BUFFER, SendError.resultOf(0, "send: No buffer space available"));
    }

    @Test
    void shouldTakeAnyOtherErrorForOther() {
        assertEquals(InjectResult.OTHER, SendError.resultOf(ENXIO, "send: No such device or address"));
        assertEquals(InjectResult.OTHER, SendError.resultOf(0, ""));
    }
}
