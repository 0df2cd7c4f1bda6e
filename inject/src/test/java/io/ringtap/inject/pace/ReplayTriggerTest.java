package io.ringtap.inject.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.inject.ReplayFiles;
import io.ringtap.inject.TestFrames;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.ReplayFrames;
import io.ringtap.testnet.VethPair;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTriggerTest {
    /** nanoTime may pass from the largest number to the smallest. */
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 1_500);

    @TempDir
    private Path folder;

    private ReplayFrames frames;

    private ReplayFrames open(long loops, long... sinceFirstNanos) throws Exception {
        frames = ReplayFrames.open(ReplayFiles.facts(ReplayFiles.marked(folder, sinceFirstNanos), loops), "test");
        return frames;
    }

    @AfterEach
    void close() {
        frames.close();
    }

    private static Trigger recorded(ReplayFrames frames, double speed) {
        Trigger trigger = new ReplayTrigger(frames, new RecordedTrigger(frames, speed));
        trigger.restart(START);
        return trigger;
    }

    /** When the next frames fall due, after the start. */
    private static List<Long> deadlines(Trigger trigger, int count) {
        List<Long> deadlines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long deadline = trigger.waitNanos(START);
            assertFalse(trigger.isDue(START + deadline - 1), "frame " + i);
            assertTrue(trigger.isDue(START + deadline), "frame " + i);
            deadlines.add(deadline);
            trigger.advance();
        }
        return deadlines;
    }

    @Test
    void shouldKeepTheDistancesOfTheFileFromItsFirstFrameOn() throws Exception {
        assertEquals(List.of(0L, 1_000L, 1_001L, 9_000L), deadlines(recorded(open(1, 0, 1_000, 1_001, 9_000), 1), 4));
    }

    @Test
    void shouldDivideTheTimeByTheSpeedWithoutAddingUpErrors() throws Exception {
        assertEquals(List.of(0L, 333L, 333L, 3_000L), deadlines(recorded(open(1, 0, 999, 1_000, 9_000), 3), 4));
        close();
        assertEquals(
                List.of(0L, 2_000L, 2_002L, 18_000L), deadlines(recorded(open(1, 0, 1_000, 1_001, 9_000), 0.5), 4));
    }

    @Test
    void shouldBeginEachLoopTheMeanDistanceAfterTheLastFrame() throws Exception {
        assertEquals(
                List.of(0L, 1_000L, 2_000L, 3_000L, 4_000L, 5_000L),
                deadlines(recorded(open(0, 0, 1_000, 2_000), 1), 6));
    }

    @Test
    void shouldSendAFrameWhoseTimeGoesBackWithItsForerunner() throws Exception {
        assertEquals(
                List.of(0L, 5_000L, 5_000L, 6_000L),
                deadlines(recorded(open(1, 0, 5_000, -3_600_000_000_000L, 6_000), 1), 4));
    }

    @Test
    void shouldMakeUpForWhatFellDueDuringAStall() throws Exception {
        Trigger trigger = recorded(open(1, 0, 1_000, 2_000, 3_000), 1);
        int sent = 0;
        while (trigger.isDue(START + 2_500)) {
            trigger.advance();
            sent++;
        }
        assertEquals(3, sent);
        assertEquals(500, trigger.waitNanos(START + 2_500));
    }

    @Test
    void shouldBeginAnewWithTheFirstFrame() throws Exception {
        Trigger trigger = recorded(open(1, 0, 1_000, 9_000), 1);
        deadlines(trigger, 2);
        trigger.restart(START + 100);
        assertEquals(List.of(100L, 1_100L, 9_100L), deadlines(trigger, 3));
    }

    @Test
    void shouldTimeFramesByTheirOwnBitsAtARateInBits() throws Exception {
        Schedule.BitRate rate = new Schedule.BitRate(8e9); // a byte a nanosecond
        ReplayFrames three = open(1, 0, 0, 0);
        Trigger trigger = new ReplayTrigger(three, RateTrigger.rate(rate, 1, Optional.empty(), 0, three::length));
        trigger.restart(START);
        assertEquals(List.of(15L, 30L, 45L), deadlines(trigger, 3));
    }

    /** More than is read ahead: 32 MiB. */
    private ReplayFrames openLarge() throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        byte[] frame = Arrays.copyOf(TestFrames.frame(1), 1_514);
        for (int i = 0; i < 24_000; i++) {
            file.frame(SampleFiles.START_NANOS + 1_000L * i, frame);
        }
        Path path = Files.write(folder.resolve("large.pcap"), file.bytes());
        frames = ReplayFrames.open(ReplayFiles.facts(path, 1), "test");
        return frames;
    }

    @Test
    void shouldTakeNoMoreFramesForDueThanAreInMemory() throws Exception {
        Trigger trigger = new ReplayTrigger(openLarge(), new ContinuousTrigger());
        trigger.restart(START);
        int there = frames.available(24_000);
        assertTrue(there > 20_000 && there < 24_000, there + " frames"); // none is sent, so no more are read
        for (int i = 0; i < there - 3; i++) {
            assertTrue(trigger.isDue(START));
            trigger.advance();
        }
        assertEquals(3, trigger.due(64, START));
    }

    @Test
    void shouldBeginWhenItsFirstFrameIsThereAndNotInABurst() throws Exception {
        ReplayTrigger trigger = new ReplayTrigger(openLarge(), new ContinuousTrigger());
        trigger.restart(START);
        int there = frames.available(24_000);
        for (int i = 0; i < there; i++) {
            trigger.advance();
        }
        trigger.pace(new RecordedTrigger(frames, 1), START);
        assertFalse(trigger.isDue(START), "none was sent, so no more is read");
        frames.skip(there);
        VethPair.await(frames::hasNext);
        long now = START + 1_000_000;
        assertFalse(trigger.isDue(now)); // from when on it counts
        assertFalse(trigger.isDue(now + frames.nextNanos() - 1));
        assertTrue(trigger.isDue(now + frames.nextNanos()));
    }
}
