package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FrameSender;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.EveryFrames;
import io.ringtap.inject.config.Schedule.Rate;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.stream.Link;
import io.ringtap.inject.stream.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A link that goes down and comes up again: nothing is sent, everything is counted, and nothing leaves in a burst. */
class LinkDownTest extends LoopFixture {
    @Test
    void shouldTryNoFrameWhileTheLinkIsKnownToBeDownAndCountEachThatFellDue() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new EveryFrames(10, "uplink"), 0, 1))) {
            publish(loop, 1_234);
            time.let(Link.LOOK_AGAIN);
            assertEquals(Map.of("link_down", 123L), counts(loop, "a").failures());
            assertEquals(0, injector.frames.size());
            injector.linkDown = false;
            time.let(Link.LOOK_AGAIN);
            publish(loop, 1_300);
            assertEquals(7, sent(loop, "a"));
            assertEquals(123, counts(loop, "a").failed());
            assertEquals(7, injector.frames.size());
        }
    }

    @Test
    void shouldPauseWhenASendSaysThatTheLinkIsDown() {
        injector.behaviour = frame -> injector.linkDown ? InjectResult.LINK_DOWN : InjectResult.SENT;
        try (InjectLoop loop = start(stream("a", new EveryFrames(1, "uplink"), 0, 1))) {
            time.settle(); // it has looked, and found the link up
            injector.linkDown = true;
            publish(loop, 500);
            time.let(Link.LOOK_AGAIN);
            assertEquals(500, counts(loop, "a").failed());
            assertEquals(1, injector.frames.size());
        }
    }

    @Test
    void shouldGoOnAtItsRateWithoutABurstWhenTheLinkIsUp() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(1_000), 1_000, 1))) {
            time.let(Duration.ofMillis(450));
            assertEquals(400, counts(loop, "a").failed());
            injector.linkDown = false;
            time.let(Duration.ofMillis(50).minus(NANO));
            assertEquals(400, counts(loop, "a").failed());
            for (int sent = 0; sent < 500; sent++) {
                time.let(sent == 0 ? NANO : MILLI); // 500 ms from the beginning on
                assertEquals(sent, sent(loop, "a"));
                assertEquals(Map.of("link_down", 500L), counts(loop, "a").failures());
            }
            time.let(Duration.ofSeconds(1));
            assertEquals(500, injector.frames.size());
        }
    }

    @Test
    void shouldCountFramesOfHandlersAsFailedWhileTheLinkIsDownAndSendThoseThatComeLater() {
        injector.linkDown = true;
        try (InjectLoop loop = start()) {
            FrameSender sender = loop.sender();
            time.settle();
            for (int i = 0; i < 100; i++) {
                assertTrue(sender.send(TestFrames.frame(1)));
            }
            time.let(Link.LOOK_AGAIN);
            assertEquals(100, counts(loop, "handlers").failed());
            injector.linkDown = false;
            time.let(Link.LOOK_AGAIN);
            assertTrue(sender.send(TestFrames.frame(2)));
            time.settle();
            assertEquals(1, sent(loop, "handlers"));
            assertEquals(List.of(2), injector.marks());
        }
    }

    @Test
    void shouldEndAStreamWhoseCountFellDueWhileTheLinkWasDown() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(1_000), 20, 1))) {
            time.let(Link.LOOK_AGAIN);
            assertEquals(StreamState.ENDED, state(loop));
            assertEquals(20, counts(loop, "a").failed());
        }
    }

    @Test
    void shouldSleepBetweenTheLooksWhileTheLinkIsDownHoweverMuchFallsDue() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Rate(100_000), 0, 1))) {
            time.settle();
            long before = time.sleeps();
            time.let(Duration.ofSeconds(1));
            assertEquals(10, time.sleeps() - before);
            assertEquals(100_000, counts(loop, "a").failed(), "not only when the link is up");
            assertEquals(0, injector.frames.size());
        }
    }

    @Test
    void shouldGoOnAtTopSpeedAsSoonAsTheLinkIsUp() {
        injector.linkDown = true;
        try (InjectLoop loop = start(stream("a", new Schedule.TopSpeed(), 0, 1))) {
            time.settle();
            time.let(Duration.ofSeconds(1).minus(NANO));
            assertEquals(
                    10 * InjectLoop.SLICE_FRAMES, counts(loop, "a").failed(), "nothing falls due between the looks");
            assertEquals(0, injector.frames.size());
            injector.linkDown = false;
            injector.behaviour = _ -> injector.frames.size() <= 1_000 ? InjectResult.SENT : InjectResult.LINK_DOWN;
            time.let(NANO);
            assertEquals(1_000, sent(loop, "a"));
        }
    }
}
