package io.ringtap.capture.ring;

import static io.ringtap.capture.ring.FedRing.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Encapsulation;
import io.ringtap.frame.Encapsulation.End;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerShareTest {
    private static final int FRAMES = 5_000;

    private final RandomFrames frames = new RandomFrames(400);

    /** What one thread got, in order; -1 for a damaged frame. */
    private final class Recorder implements FrameHandler {
        final List<Long> numbers = new ArrayList<>();
        private final Pause pause;

        Recorder(Pause pause) {
            this.pause = pause;
        }

        @Override
        public void onFrame(Frame frame) {
            numbers.add(frames.isIntact(frame) ? frame.timestampNanos() : -1);
            pause.before(frame);
        }
    }

    enum Pause {
        QUICK {
            @Override
            void before(Frame frame) {}
        },
        SLOW_NOW_AND_THEN {
            @Override
            void before(Frame frame) {
                if (frame.timestampNanos() % 501 == 0) {
                    LockSupport.parkNanos(5_000_000);
                }
            }
        },
        THROWING {
            @Override
            void before(Frame frame) {
                if (frame.timestampNanos() % 10 == 3) {
                    throw new IllegalStateException("on purpose");
                }
            }
        };

        abstract void before(Frame frame);
    }

    private static FedRing.Making recording(List<Recorder> recorders, Supplier<Recorder> made) {
        return () -> {
            Recorder recorder = made.get();
            recorders.add(recorder);
            return recorder;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "8, 1024, 1, FLOW, QUICK",
        "8, 1024, 4, FLOW, SLOW_NOW_AND_THEN",
        "8, 1024, 3, ROUND_ROBIN, SLOW_NOW_AND_THEN",
        "8, 1024, 2, ROUND_ROBIN, THROWING",
        "1, 1024, 2, FLOW, THROWING",
        "256, 4096, 3, FLOW, QUICK",
        "4096, 1048576, 4, ROUND_ROBIN, THROWING"
    })
    void shouldGiveEveryFrameOnceToEachWorkerAndInOrderToEachThread(
            int slots, int slab, int threads, Share share, Pause pause) throws Exception {
        List<Recorder> mixed = new ArrayList<>();
        List<Recorder> single = new ArrayList<>();
        try (FedRing fed = new FedRing(
                        slots,
                        slab,
                        worker("mixed", threads, share, recording(mixed, () -> new Recorder(pause))),
                        worker("single", 1, Share.FLOW, recording(single, () -> new Recorder(Pause.QUICK))))
                .start()) {
            for (int i = 0; i < FRAMES; i++) {
                assertTrue(fed.put(frames.frame(i), i));
            }
            fed.ring().flush();
            assertTrue(fed.finish());

            assertEquals(threads, mixed.size());
            assertEveryFrameOnceInOrder(mixed);
            assertEveryFrameOnceInOrder(single);
            assertEquals(FRAMES, fed.ring().published());
            assertEquals(
                    pause == Pause.THROWING ? FRAMES / 10 : 0, fed.worker(0).failed());
            assertEquals(FRAMES, fed.worker(0).delivered() + fed.worker(0).failed());
            assertEquals(FRAMES, fed.worker(1).delivered());
        }
        assertShared(mixed, threads, share);
    }

    private static void assertEveryFrameOnceInOrder(List<Recorder> recorders) {
        boolean[] seen = new boolean[FRAMES];
        int count = 0;
        for (Recorder recorder : recorders) {
            long last = -1;
            for (long number : recorder.numbers) {
                assertTrue(number > last, number + " behind " + last);
                last = number;
                assertTrue(!seen[(int) number], "twice: " + number);
                seen[(int) number] = true;
                count++;
            }
        }
        assertEquals(FRAMES, count);
    }

    private static void assertShared(List<Recorder> recorders, int threads, Share share) {
        TreeMap<Integer, Integer> threadOfFlow = new TreeMap<>();
        for (int thread = 0; thread < threads; thread++) {
            for (long number : recorders.get(thread).numbers) {
                int expected = share == Share.ROUND_ROBIN
                        ? (int) (number % threads)
                        : threadOfFlow.computeIfAbsent(RandomFrames.flow(number), threadOf(thread));
                assertEquals(expected, thread, "thread of frame " + number);
            }
            assertTrue(recorders.get(thread).numbers.size() > FRAMES / threads / 4, "an even share, roughly");
        }
    }

    private static Function<Integer, Integer> threadOf(int thread) {
        return flow -> thread;
    }

    /** Both directions of a conversation, in whatever it is encapsulated; fragments, and what is not IP. */
    private static List<List<byte[]>> conversations(int ofEach) {
        List<List<byte[]>> conversations = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            End one = new End(0x0200_0000_0000L + i, 0x0a00_0000 + i, 4_000 + i);
            End other = new End(0x0211_0000_0000L + 7L * i, 0xc0a8_0000 + 3 * i, 443);
            for (Encapsulation encapsulation : Encapsulation.values()) {
                // an address of its own for each: tags and labels do not make a flow another
                End own = new End(one.mac(), one.ip() + 0x1_0000 * conversations.size(), one.port());
                conversations.add(List.of(
                        encapsulation.frame(own, other, FrameBytes.TCP),
                        encapsulation.frame(other, own, FrameBytes.TCP)));
            }
            conversations.add(List.of(
                    fragment(one, other, FrameBytes.MORE_FRAGMENTS),
                    fragment(one, other, FrameBytes.MORE_FRAGMENTS | 185),
                    fragment(one, other, 370),
                    fragment(other, one, FrameBytes.MORE_FRAGMENTS)));
            conversations.add(List.of(arp(one, other), arp(other, one)));
        }
        return conversations;
    }

    /** What lies where ports would be differs from fragment to fragment. */
    private static byte[] fragment(End from, End to, int flagsAndOffset) {
        return new FrameBytes(to.mac(), from.mac())
                .type(FrameBytes.IPV4)
                .ipv4(from.ip(), to.ip(), FrameBytes.UDP, flagsAndOffset, 0, 8)
                .ports(flagsAndOffset, 0xffff - flagsAndOffset)
                .fill(4)
                .bytes();
    }

    private static byte[] arp(End from, End to) {
        return new FrameBytes(to.mac(), from.mac())
                .type(FrameBytes.ARP)
                .fill(46)
                .bytes();
    }

    @Test
    void shouldKeepEveryConversationInOrderOnOneOfFourThreadsWhateverItIsIn() throws Exception {
        List<List<byte[]>> conversations = conversations(50);
        int rounds = 20;
        List<List<Long>> threads = new ArrayList<>();
        FedRing.Making recording = () -> {
            List<Long> numbers = new ArrayList<>();
            threads.add(numbers);
            return frame -> numbers.add(frame.timestampNanos());
        };
        List<Integer> conversationOf = new ArrayList<>();
        try (FedRing fed = new FedRing(1_024, 1 << 20, worker("w", 4, Share.FLOW, recording)).start()) {
            for (int i = 0; i < rounds * conversations.size(); i++) {
                int conversation = i % conversations.size();
                for (byte[] frame : conversations.get(conversation)) {
                    assertTrue(fed.put(frame, conversationOf.size()));
                    conversationOf.add(conversation);
                }
            }
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        Map<Integer, Integer> threadOf = new HashMap<>();
        int count = 0;
        for (int thread = 0; thread < threads.size(); thread++) {
            long last = -1;
            for (long number : threads.get(thread)) {
                assertTrue(number > last, number + " behind " + last);
                last = number;
                int conversation = conversationOf.get((int) number);
                assertEquals(threadOf.computeIfAbsent(conversation, threadOf(thread)), thread);
                count++;
            }
            assertTrue(threads.get(thread).size() > conversationOf.size() / 8, "an even share, roughly");
        }
        assertEquals(conversationOf.size(), count);
    }

    @Test
    void shouldCallAllHandlersOfAWorkerInOrderForEachFrame() throws Exception {
        List<String> calls = new ArrayList<>();
        FrameHandler first = frame -> calls.add("first " + frame.timestampNanos());
        FrameHandler second = frame -> calls.add("second " + frame.timestampNanos());
        try (FedRing fed = new FedRing(8, 1_024, worker("w", 1, Share.FLOW, () -> first, () -> second)).start()) {
            fed.put(new byte[60], 7);
            fed.put(new byte[60], 8);
            fed.ring().flush();
            assertTrue(fed.finish());
        }
        assertEquals(List.of("first 7", "second 7", "first 8", "second 8"), calls);
    }
}
