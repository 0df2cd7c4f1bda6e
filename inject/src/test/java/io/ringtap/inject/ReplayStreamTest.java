package io.ringtap.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.testnet.VethPair;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose frames are those of a capture file; in the time of the machine, as a thread of its own reads the file. */
class ReplayStreamTest extends LoopFixture {
    private static final long MILLISECOND = 1_000_000;

    @TempDir
    private Path folder;

    private InjectConfig.Builder replay(Schedule schedule, long loops, long... sinceFirstNanos) {
        ReplayFacts facts = ReplayFiles.facts(ReplayFiles.marked(folder, sinceFirstNanos), loops);
        return InjectConfig.builder("replay", "test0", schedule, facts);
    }

    private static void awaitEnd(InjectLoop loop) {
        VethPair.await(() -> state(loop) != StreamState.RUNNING);
    }

    @Test
    void shouldSendEachFrameOfEveryLoopInOrderAndEnd() {
        InjectConfig config = replay(new Schedule.Original(1), 3, 0, MILLISECOND, 2 * MILLISECOND)
                .build();
        try (InjectLoop loop = startInRealTime(config)) {
            awaitEnd(loop);
            assertEquals(StreamState.ENDED, state(loop));
            assertEquals(9, sent(loop, "replay"));
        }
        assertEquals(List.of(1, 2, 3, 1, 2, 3, 1, 2, 3), injector.marks());
    }

    @Test
    void shouldSendNoFrameBeforeItsTime() {
        long[] times = {0, 20 * MILLISECOND, 21 * MILLISECOND, 60 * MILLISECOND};
        long[] sentAt = new long[times.length];
        injector.behaviour = frame -> {
            sentAt[TestFrames.mark(frame) - 1] = System.nanoTime();
            return InjectResult.SENT;
        };
        long before = System.nanoTime();
        try (InjectLoop loop =
                startInRealTime(replay(new Schedule.Original(0.5), 1, times).build())) {
            awaitEnd(loop);
        }
        for (int i = 0; i < times.length; i++) {
            long since = sentAt[i] - before;
            assertTrue(since >= 2 * times[i], "frame " + i + " after " + since + " ns");
        }
    }

    @Test
    void shouldEndWithItsCountIfThatComesFirst() {
        try (InjectLoop loop = startInRealTime(
                replay(new Schedule.TopSpeed(), 0, 0, 1, 2).count(7).build())) {
            awaitEnd(loop);
            assertEquals(7, sent(loop, "replay"));
        }
        assertEquals(List.of(1, 2, 3, 1, 2, 3, 1), injector.marks());
    }

    @Test
    void shouldBeginWithTheFirstFrameAtEachStart() throws Exception {
        Schedule slow = new Schedule.Rate(100);
        try (InjectLoop loop =
                startInRealTime(replay(slow, 1, 0, 1, 2, 3, 4, 5).count(4).build())) {
            awaitEnd(loop);
            done(loop.command("replay", new StreamCommand.Start()));
            awaitEnd(loop);
        }
        assertEquals(List.of(1, 2, 3, 4, 1, 2, 3, 4), injector.marks());
    }

    @Test
    void shouldKeepItsPaceIfItRefusesAnother() throws Exception {
        try (InjectLoop loop = startInRealTime(
                replay(new Schedule.Rate(1_000), 0, 0, 1, 2).burst(10).build())) {
            StreamCommand bits = new StreamCommand.Pace(new Schedule.BitRate(1));
            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> done(loop.command("replay", bits)));
            assertInstanceOf(InvalidConfigException.class, refused.getCause());
            long before = sent(loop, "replay");
            VethPair.await(() -> sent(loop, "replay") >= before + 50);
            assertEquals(
                    new Schedule.Rate(1_000),
                    loop.statuses().getFirst().config().schedule());
        }
    }

    @Test
    void shouldGoOnWithTheNextFrameAtAnotherRate() throws Exception {
        Schedule hourly = new Schedule.Original(1);
        try (InjectLoop loop = startInRealTime(replay(hourly, 1, 0, 3_600_000 * MILLISECOND, 7_200_000 * MILLISECOND)
                .build())) {
            VethPair.await(() -> sent(loop, "replay") == 1);
            done(loop.command("replay", new StreamCommand.Pace(new Schedule.Rate(1_000))));
            awaitEnd(loop);
        }
        assertEquals(List.of(1, 2, 3), injector.marks());
    }

    @Test
    void shouldCountFramesThatFallDueWhileTheLinkIsDown() {
        injector.linkDown = true;
        try (InjectLoop loop =
                startInRealTime(replay(new Schedule.TopSpeed(), 2, 0, 1, 2).build())) {
            awaitEnd(loop);
            assertEquals(Map.of("link_down", 6L), counts(loop, "replay").failures());
        }
        assertEquals(List.of(), injector.marks());
    }

    @Test
    void shouldRefuseAFileWithAFrameThatTheMtuDoesNotLetPass() throws Exception {
        Path file = Files.write(
                folder.resolve("long.pcap"),
                new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                        .frame(0, new byte[1_515])
                        .bytes());
        InjectConfig config = InjectConfig.builder(
                        "replay", "test0", new Schedule.TopSpeed(), ReplayFiles.facts(file, 1))
                .build();
        String message = assertThrows(
                        OpenException.class, () -> InjectLoop.start(injector, List.of(config), publishedOf))
                .getMessage();
        assertTrue(
                message.contains("frame 1 of 1515 bytes needs an MTU of 1501 bytes, and the interface's is 1500"),
                message);
    }

    @Test
    void shouldRefuseWhatDoesNotGoWithAFile() {
        InvalidConfigException refusal = assertThrows(
                InvalidConfigException.class,
                () -> replay(new Schedule.EveryFrames(10, "uplink"), 1, 0)
                        .engine(Engine.XDP)
                        .build());
        assertEquals(
                List.of("every-frames", "engine"),
                refusal.problems().stream()
                        .map(InvalidConfigException.Problem::key)
                        .toList());
        refusal = assertThrows(
                InvalidConfigException.class,
                () -> replay(new Schedule.Original(1), 0, 0).build());
        assertEquals("replay", refusal.problems().getFirst().key());
        refusal = assertThrows(
                InvalidConfigException.class,
                () -> InjectConfig.builder("t", "test0", new Schedule.Original(1), TestFrames.template(1))
                        .build());
        assertEquals("speed", refusal.problems().getFirst().key());
    }

    @Test
    void shouldShareTheInterfaceWithOtherStreams() {
        InjectConfig other = InjectConfig.builder("other", "test0", new Schedule.Rate(1_000), TestFrames.template(100))
                .count(20)
                .build();
        try (InjectLoop loop =
                startInRealTime(replay(new Schedule.Rate(1_000), 5, 0, 1, 2, 3).build(), other)) {
            VethPair.await(() -> loop.statuses().stream().allMatch(s -> s.state() == StreamState.ENDED));
        }
        Map<Boolean, List<Integer>> byStream =
                injector.marks().stream().collect(Collectors.partitioningBy(mark -> mark == 100));
        assertEquals(20, byStream.get(true).size());
        assertEquals(IntStream.range(0, 20).mapToObj(i -> i % 4 + 1).toList(), byStream.get(false));
    }

    @Test
    void shouldDryRunWithEachFrameAtItsDeadline() throws Exception {
        InjectConfig config = replay(new Schedule.Original(2), 2, 0, 10_000, 20_000)
                .delay(Duration.ofHours(1))
                .build();
        Map<Long, Integer> byTime = new TreeMap<>();
        StreamStatus status = DryRun.run(
                        config,
                        java.time.Instant.ofEpochSecond(1_000),
                        epochNanos -> {
                            injector.behaviour = frame -> {
                                byTime.put(epochNanos.getAsLong(), TestFrames.mark(frame));
                                return InjectResult.SENT;
                            };
                            return injector;
                        },
                        () -> true)
                .status();
        assertEquals(StreamState.ENDED, status.state());
        assertEquals(6, status.counts().sent());
        long first = 4_600_000_000_000L;
        assertEquals(
                Map.of(
                        first,
                        1,
                        first + 5_000,
                        2,
                        first + 10_000,
                        3,
                        first + 15_000,
                        1,
                        first + 20_000,
                        2,
                        first + 25_000,
                        3),
                byTime);
    }

    @Test
    void shouldEndADryRunWithTheFramesOfWhichOneWasNotTaken() throws Exception {
        injector.behaviour = frame -> TestFrames.mark(frame) == 2 ? InjectResult.OTHER : InjectResult.SENT;
        InjectConfig config =
                replay(new Schedule.TopSpeed(), 0, 0, 1, 2, 3, 4, 5, 6).build();
        StreamStatus status = DryRun.run(config, java.time.Instant.EPOCH, _ -> injector, () -> true)
                .status();
        assertEquals(1, status.counts().failed());
        assertEquals(3, status.counts().sent(), "four are taken at once");
    }
}
