package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource.InterfaceCounts;
import io.ringtap.capture.CaptureSource.SourceCounts;
import io.ringtap.capture.FrameSink;
import io.ringtap.ledger.GapCounts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of the frames in a ring whose interface is gone, by a clock of the test's own. */
class ReopeningSourceTest {
    private static final CaptureConfig CONFIG = CaptureConfig.live("rt0");

    /** The block timeout, and the second that a busy machine has. */
    private static final long LEAVE_NANOS = CONFIG.timeout().toNanos() + 1_000_000_000;

    private static final int LIMIT = 100;

    private final Gone ring = new Gone();
    private long now;
    private final ReopeningSource source = new ReopeningSource(new NoOwner(), CONFIG, () -> now);

    /** A ring whose interface is gone. */
    private static final class Gone implements ReopeningSource.Ring {
        private long accepted;
        private long dropped;
        private int readable;
        private boolean quiet;
        private boolean closed;

        /** What happens between a look that found nothing and the next thing the thread does. */
        private Runnable afterEmptyLook = () -> {};

        @Override
        public int poll(FrameSink sink, int limit) {
            int count = readable;
            readable = 0;
            if (count == 0) {
                afterEmptyLook.run();
            }
            return count;
        }

        @Override
        public SourceCounts counts() {
            return new SourceCounts(accepted + dropped, dropped, 0);
        }

        @Override
        public int interfaceIndex() {
            return 1;
        }

        @Override
        public void markGone() {}

        @Override
        public boolean isGone() {
            return true;
        }

        @Override
        public boolean awaitFrames(Duration maximum) {
            return true;
        }

        @Override
        public void await(Duration maximum) {}

        @Override
        public void accept() {}

        @Override
        public void quiesce() {
            quiet = true;
        }

        @Override
        public String failure() {
            return "";
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** There is nothing that could come back. */
    private static final class NoOwner implements ReopeningSource.Owner {
        @Override
        public void accept() {}

        @Override
        public void filter(ReopeningSource source, String expression) {}

        @Override
        public boolean isGone(ReopeningSource.Ring ring) {
            return true;
        }

        @Override
        public void wake() {}

        @Override
        public boolean isWaiting() {
            return true;
        }

        @Override
        public long outgoing() {
            return 0;
        }

        @Override
        public GapCounts gaps() {
            return GapCounts.NONE;
        }

        @Override
        public InterfaceCounts interfaceCounts() {
            return InterfaceCounts.NONE;
        }

        @Override
        public void end() {}

        @Override
        public void close() {}
    }

    private int poll() {
        return source.poll(null, LIMIT);
    }

    private static SourceCounts counts(long received, long dropped, long unread) {
        return new SourceCounts(received, dropped, unread);
    }

    @Test
    void shouldCountWhatCannotBeReadApartFromWhatAFullRingDropped() throws Exception {
        ring.accepted = 8;
        ring.dropped = 2;
        ring.readable = 5;
        source.give(ring);
        source.accept();
        assertEquals(5, poll());
        assertEquals(0, poll());
        assertTrue(ring.quiet, "nothing more comes into it");
        now += LEAVE_NANOS;
        assertEquals(0, poll());
        assertFalse(ring.closed, "a block that is not full may come yet");
        now += 1;
        assertEquals(0, poll());
        assertTrue(ring.closed);
        assertEquals(counts(10, 2, 3), source.counts());
    }

    @Test
    void shouldLookOnceMoreHoweverLongItsThreadWasAwayFromTheProcessor() throws Exception {
        ring.accepted = 3;
        source.give(ring);
        source.accept();
        assertEquals(0, poll());
        ring.afterEmptyLook = () -> {
            now += 3_600_000_000_000L;
            ring.readable = 3; // its block was given away meanwhile
        };
        assertEquals(0, poll());
        assertEquals(3, poll());
        ring.afterEmptyLook = () -> {};
        assertEquals(0, poll());
        assertTrue(ring.closed);
        assertEquals(counts(3, 0, 0), source.counts());
    }

    @Test
    void shouldReadTheNextRingWhenTheOneThatIsGoneIsEmpty() throws Exception {
        ring.accepted = 5;
        ring.readable = 5;
        source.give(ring);
        source.accept();
        assertEquals(5, poll());
        assertEquals(0, poll());
        Gone next = new Gone();
        next.accepted = 7;
        next.readable = 7;
        source.give(next);
        now += 20_000_001; // a frame that another processor was about to deliver has come by then
        assertEquals(0, poll());
        assertTrue(ring.closed);
        assertEquals(7, poll());
        assertEquals(counts(12, 0, 0), source.counts());
    }
}
