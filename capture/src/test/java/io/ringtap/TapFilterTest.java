package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfigBuilder;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A capture whose filter is changed while frames come. */
@Tag("live")
class TapFilterTest extends SenderFixture {
    private static final String EXPERIMENTAL = "ether proto 0x88b5";
    private static final String OTHER = "ether proto 0x88b6";

    private final Map<Integer, Integer> seen = new ConcurrentHashMap<>();
    private volatile HandlerContext context;

    private Tap tap(Mode mode, Engine engine, int threads) throws Exception {
        CaptureConfigBuilder config = LiveTap.near()
                .mode(mode)
                .engine(engine)
                .bufferBytes(8L << 20)
                .timeout(Duration.ofSeconds(1)) // or blocks are used up by time while a busy machine reads none
                .snaplenBytes(1_980)
                .filter(EXPERIMENTAL)
                .threads(threads);
        return LiveTap.start(config, LiveTap.worker("w", 1, Share.FLOW, () -> new FrameHandler() {
            @Override
            public void onStart(HandlerContext handlerContext) {
                context = handlerContext;
            }

            @Override
            public void onFrame(Frame frame) {
                seen.merge(frame.etherType(), 1, Integer::sum);
            }
        }));
    }

    /** As many of each type, in turn. */
    private void send(int each) {
        byte[] frame = new byte[60];
        for (int i = 0; i < each; i++) {
            for (int type : new int[] {0xb5, 0xb6}) {
                frame[0] = 2;
                frame[11] = (byte) i; // many flows
                frame[12] = (byte) 0x88;
                frame[13] = (byte) type;
                far.send(frame);
            }
        }
    }

    private static Ledger stop(Tap tap) throws Exception {
        tap.stop(VethPair.HANG);
        return LiveTap.ledger(tap);
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, FFM, 1", "THROUGHPUT, FFM, 2", "LOW_LATENCY, FFM, 1", "THROUGHPUT, PCAP4J, 1"})
    void shouldTakeWhatTheNewFilterPassesFromThenOnAndLoseNothing(Mode mode, Engine engine, int threads)
            throws Exception {
        try (Tap tap = tap(mode, engine, threads)) {
            send(1_000);
            LiveTap.awaitReceived(tap, 1_000);
            tap.filter(OTHER); // the frames before may be in the kernel ring still: they have passed
            assertEquals(OTHER, tap.config().filter());
            assertEquals(OTHER, context.capture().filter());
            send(2_000);
            LiveTap.awaitReceived(tap, 3_000);
            tap.filter("");
            send(100);
            LiveTap.awaitReceived(tap, 3_200);
            Ledger ledger = stop(tap);
            assertEquals(Map.of(0x88b5, 1_100, 0x88b6, 2_100), seen);
            assertEquals(3_200, ledger.received());
            assertEquals(0, ledger.unaccounted());
            assertEquals("lost 0", ledger.verdict());
        }
    }

    @Test
    void shouldKeepItsFilterWhenTheKernelOrLibpcapRefusesTheNewOne() throws Exception {
        try (Tap tap = tap(Mode.THROUGHPUT, Engine.FFM, 2)) {
            OpenException bad = assertThrows(OpenException.class, () -> tap.filter("no such thing"));
            assertEquals(OpenException.Reason.BAD_FILTER, bad.reason());
            String sum = IntStream.range(0, 1_300) // some thousands of instructions
                            .mapToObj(i -> "ether[" + i % 50 + "]")
                            .collect(Collectors.joining("+"))
                    + " = 5";
            OpenException large = assertThrows(OpenException.class, () -> tap.filter(sum));
            assertTrue(large.getMessage().contains("instructions of at most 4096"), large.getMessage());
            assertEquals(EXPERIMENTAL, tap.config().filter());
            send(500);
            LiveTap.awaitReceived(tap, 500);
            assertEquals(0, stop(tap).unaccounted());
            assertEquals(Map.of(0x88b5, 500), seen);
        }
    }
}
