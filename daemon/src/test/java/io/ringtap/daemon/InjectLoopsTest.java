package io.ringtap.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loops come when something is to be sent, and go when nothing will be. */
@Tag("live")
class InjectLoopsTest extends VethFixture {
    private static final byte[] FRAME = new byte[60];

    private final InjectLoops loops = new InjectLoops(_ -> () -> 0);

    @AfterEach
    void stop() {
        loops.stop(Duration.ofSeconds(1));
    }

    /** As a reload does that changes nothing else. */
    private void reload(Set<String> captured) throws Exception {
        try (InjectLoops.Opened opened = loops.open(List.of(), List.of())) {
            opened.begin(List.of());
            loops.keepSenders(captured);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inject-"))
                .count();
    }

    private List<String> sent() {
        return loops.counts().stream()
                .map(counts -> counts.name() + ' ' + counts.interfaceName() + ' ' + counts.sent())
                .toList();
    }

    private void awaitSent(long frames) {
        VethPair.await(
                () -> loops.counts().stream().mapToLong(InjectCounts::sent).sum() == frames);
    }

    @Test
    void shouldEndALoopWhoseSenderNobodyUsesAnyMoreAndKeepWhatItCounted() throws Exception {
        FrameSender near = loops.sender(VethPair.NEAR);
        FrameSender far = loops.sender(VethPair.FAR);
        for (FrameSender sender : List.of(near, near, far)) {
            assertTrue(sender.send(FRAME));
        }
        awaitSent(3);
        reload(Set.of(VethPair.NEAR, VethPair.FAR));
        assertEquals(2, threads());
        reload(Set.of(VethPair.FAR));
        assertEquals(1, threads());
        assertFalse(near.send(FRAME), "its loop is gone");
        assertEquals(List.of("handlers rt1 1", "handlers rt0 2"), sent());
        assertTrue(loops.sender(VethPair.NEAR).send(FRAME));
        awaitSent(4);
        assertEquals(List.of("handlers rt1 1", "handlers rt0 3"), sent());
    }

    @Test
    void shouldPassOverAStreamThatIsToEndAndHadNotComeToBegin() throws Exception {
        try (InjectLoops.Opened opened = loops.open(List.of(), List.of())) {
            opened.begin(List.of("failed before"));
        }
        assertEquals(List.of(), loops.counts());
    }
}
