package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.Schedule.Every;
import io.ringtap.inject.pace.SendBudget;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A loop on an injector that records, beside a capture whose count the test moves, in a time that the test moves, too. */
abstract class LoopFixture {
    /** A loop that has not ended by then hangs. */
    static final Duration HANG = Duration.ofMinutes(2);

    static final Duration NANO = Duration.ofNanos(1);
    static final Duration MILLI = Duration.ofMillis(1);
    static final Schedule NEVER = new Every(Duration.ofDays(1));

    final RecordingInjector injector = new RecordingInjector();
    final SteppedTime time = new SteppedTime();
    final AtomicLong published = new AtomicLong();
    final Function<String, LongSupplier> publishedOf = Map.<String, LongSupplier>of("uplink", published::get)::get;

    final InjectLoop start(InjectConfig... streams) {
        return start(LoopedFrames.Opener.NONE, SendBudget.unlimited(), streams);
    }

    final InjectLoop start(SendBudget budget, InjectConfig... streams) {
        return start(LoopedFrames.Opener.NONE, budget, streams);
    }

    final InjectLoop start(LoopedFrames.Opener returned, SendBudget budget, InjectConfig... streams) {
        try {
            return InjectLoop.start(injector, List.of(streams), publishedOf, returned, budget, time.ofLoop());
        } catch (OpenException e) {
            throw new AssertionError(e);
        }
    }

    /** In the time of the machine. */
    final InjectLoop startInRealTime(InjectConfig... streams) {
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

    /** The capture has published so many, and the loop has seen it. */
    final void publish(InjectLoop loop, long count) {
        published.set(count);
        loop.wake();
        time.settle();
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

    /** Of the first stream. */
    static StreamState state(InjectLoop loop) {
        return loop.statuses().getFirst().state();
    }

    static <T> T done(CompletableFuture<T> future) throws ExecutionException {
        VethPair.await(future::isDone);
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static InjectResult wait(CountDownLatch latch) {
        try {
            latch.await();
            return InjectResult.SENT;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An interface that takes so long for each frame. */
    final void sendsTake(Duration each) {
        injector.behaviour = _ -> {
            time.take(each);
            return InjectResult.SENT;
        };
    }
}
