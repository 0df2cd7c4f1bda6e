package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.Schedule.Every;
import io.ringtap.ledger.InjectCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A loop on an injector that records, beside a capture whose count the test moves. */
abstract class LoopFixture {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Schedule NEVER = new Every(Duration.ofDays(1));

    final RecordingInjector injector = new RecordingInjector();
    final AtomicLong published = new AtomicLong();
    final Function<String, LongSupplier> publishedOf = Map.<String, LongSupplier>of("uplink", published::get)::get;

    final InjectLoop start(InjectConfig... streams) {
        try {
            return InjectLoop.start(injector, List.of(streams), publishedOf);
        } catch (OpenException e) {
            throw new AssertionError(e);
        }
    }

    static InjectConfig stream(String name, Schedule schedule, long count, int mark) {
        return InjectConfig.builder(name, "test0", schedule, TestFrames.template(mark))
                .count(count)
                .build();
    }

    static InjectCounts counts(InjectLoop loop, String name) {
        return loop.counts().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static long sent(InjectLoop loop, String name) {
        return counts(loop, name).sent();
    }

    static InjectResult wait(CountDownLatch latch) {
        try {
            latch.await();
            return InjectResult.SENT;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
