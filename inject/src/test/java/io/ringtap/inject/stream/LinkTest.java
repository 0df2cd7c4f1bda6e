package io.ringtap.inject.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.RecordingInjector;
import io.ringtap.inject.send.InjectResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the loop looks at its link, on a clock that the test moves. */
class LinkTest {
    /** nanoTime may pass from the largest number to the smallest. */
    private static final long START = Long.MAX_VALUE - 1_000;

    private final RecordingInjector injector = new RecordingInjector();
    private final Link link = new Link(injector, START);
    private final List<Long> leftOut = new ArrayList<>();
    private long now = START;

    private boolean isDownAfter(long nanos) {
        now += nanos;
        link.look(now, leftOut::add);
        return link.isDown();
    }

    @Test
    void shouldSeeALinkThatGoesDownWithTheNextLookAndNoSooner() {
        assertFalse(isDownAfter(0));
        injector.linkDown = true;
        assertFalse(isDownAfter(Link.LOOK_EVERY.toNanos() - 1));
        assertTrue(isDownAfter(1));
        assertEquals(List.of(), leftOut);
    }

    @Test
    void shouldSeeALinkThatIsUpAgainWithinATenthOfASecondAndLeaveOutWhatFellDueUntilThen() {
        injector.linkDown = true;
        assertTrue(isDownAfter(0));
        injector.linkDown = false;
        assertEquals(100_000_000, link.waitNanos(now), "when the loop is to wake");
        assertTrue(isDownAfter(100_000_000 - 1));
        assertFalse(isDownAfter(1));
        assertEquals(List.of(Long.sum(START, 100_000_000)), leftOut);
    }

    @Test
    void shouldLookTwiceASecondWhereNothingIsToBeSent() {
        assertFalse(isDownAfter(0));
        assertEquals(500_000_000, link.waitNanos(now));
    }

    @Test
    void shouldTryNothingAfterASendThatSaysThatTheLinkIsDownBeforeItHasLookedAnew() {
        assertFalse(isDownAfter(0));
        link.failed(InjectResult.MISSING);
        assertTrue(isDownAfter(Link.LOOK_EVERY.toNanos() - 1));
        assertEquals(InjectResult.MISSING, link.downCause());
        assertFalse(isDownAfter(1));
        assertEquals(1, leftOut.size());
    }
}
