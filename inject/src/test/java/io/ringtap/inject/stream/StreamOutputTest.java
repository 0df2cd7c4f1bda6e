package io.ringtap.inject.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.inject.RecordingInjector;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.ledger.InjectCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class StreamOutputTest {
    /** Takes four frames at a time, and throws at the call that it is told to, which uses the numbers as every one does. */
    private static final class FourAtATime implements StreamSender {
        final List<Integer> calls = new ArrayList<>();
        final int throwAt;
        int numbers;

        FourAtATime(int throwAt) {
            this.throwAt = throwAt;
        }

        @Override
        public int mostFrames() {
            return 4;
        }

        @Override
        public void send(int frames, Outcomes outcomes) {
            calls.add(frames);
            numbers += frames;
            if (calls.size() == throwAt) {
                throw new IllegalStateException("on purpose");
            }
            outcomes.sent(frames);
        }

        @Override
        public void skip(int frames) {
            numbers += frames;
        }
    }

    private static StreamOutput output(BooleanSupplier mayGoOn) {
        RecordingInjector injector = new RecordingInjector();
        FailureLog log = new FailureLog("s", injector.interfaceName(), _ -> {}, System::nanoTime);
        return new StreamOutput("s", injector, new Link(injector, 0), log, mayGoOn);
    }

    @Test
    void shouldAskASenderForNoMoreThanItTakesAtOnce() {
        FourAtATime sender = new FourAtATime(0);
        StreamOutput output = output(() -> true);
        output.send(sender, 10);
        assertEquals(List.of(4, 4, 2), sender.calls);
        assertEquals(10, output.sentFrames());
        assertEquals(10, sender.numbers);
    }

    @Test
    void shouldHaveEveryFrameUseItsNumberAlsoWhereASenderThrows() {
        FourAtATime sender = new FourAtATime(2);
        StreamOutput output = output(() -> true);
        output.send(sender, 16);
        InjectCounts counts = output.counts(Optional.empty());
        assertEquals(4, counts.sent());
        assertEquals(Map.of("other", 12L), counts.failures());
        assertEquals(16, sender.numbers);
    }

    @Test
    void shouldLeaveOutTheRestWhereItMayNotGoOn() {
        FourAtATime sender = new FourAtATime(0);
        StreamOutput output = output(() -> false);
        output.send(sender, 16);
        InjectCounts counts = output.counts(Optional.empty());
        assertEquals(4, counts.sent());
        assertEquals(Map.of("stopped", 12L), counts.failures());
        assertEquals(16, sender.numbers);
    }

    @Test
    void shouldTryNoFurtherFrameOnceASendSaysThatTheLinkIsDown() {
        List<Integer> calls = new ArrayList<>();
        List<Integer> skipped = new ArrayList<>();
        StreamSender sender = new StreamSender() {
            @Override
            public int mostFrames() {
                return 4;
            }

            @Override
            public void send(int frames, Outcomes outcomes) {
                calls.add(frames);
                outcomes.failed(InjectResult.LINK_DOWN, 1, ""); // the other three are still to come
            }

            @Override
            public void skip(int frames) {
                skipped.add(frames);
            }
        };
        StreamOutput output = output(() -> true);
        output.send(sender, 16);
        assertEquals(List.of(4), calls);
        assertEquals(List.of(15), skipped);
        assertEquals(Map.of("link_down", 16L), output.counts(Optional.empty()).failures());
    }
}
