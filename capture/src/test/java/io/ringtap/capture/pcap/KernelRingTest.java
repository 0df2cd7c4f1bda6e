package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource.SourceCounts;
import io.ringtap.capture.LinkLimits;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.RingReport;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the ring arithmetic says, against what the kernel grants, and what it then really holds. */
@Tag("live")
class KernelRingTest extends VethFixture {
    /** With a timeout so long that no block is handed over before it is full. */
    private static CaptureConfig config(Mode mode, long buffer, int snaplen) {
        return config(mode, buffer, snaplen, Duration.ofSeconds(10));
    }

    private static CaptureConfig config(Mode mode, long buffer, int snaplen, Duration timeout) {
        return CaptureConfig.builder("near", new CaptureOrigin.Live(VethPair.NEAR))
                .mode(mode)
                .bufferBytes(buffer)
                .snaplenBytes(snaplen)
                .timeout(timeout)
                .build();
    }

    /** Sends more than fits while nobody reads; how many frames found room. */
    private static long held(LivePcapSource source, long expected, int frameBytes) {
        try (FarSender far = new FarSender()) {
            long sent = expected + expected / 10 + 2_000;
            far.sendUdp(sent, frameBytes, 0);
            VethPair.await(() -> source.counts().received() == sent);
        }
        SourceCounts counts = source.counts();
        assertTrue(counts.dropped() > 0, "the ring was not filled");
        return counts.received() - counts.dropped();
    }

    @ParameterizedTest
    @CsvSource({"THROUGHPUT, 0.4, 0.6", "LOW_LATENCY, 0.4, 0.6"})
    void shouldTellHowFullTheRingIs(Mode mode, double least, double most) throws Exception {
        // V3: 16 blocks of 256 KiB for some 900 frames each, of which 8 are full; V2: slots of 2 KiB
        int half = mode == Mode.THROUGHPUT ? 7_300 : 1_024;
        try (LivePcapSource source =
                LivePcapSource.open(config(mode, 4 << 20, 1_980)).getFirst()) {
            source.accept();
            assertEquals(0, source.ringFill().orElseThrow());
            try (FarSender far = new FarSender()) {
                far.sendUdp(half, 200, 0);
            }
            VethPair.await(() -> source.ringFill().orElseThrow() >= least);
            assertTrue(source.ringFill().orElseThrow() <= most, source.ringFill() + " of it");
            CollectingSink sink = new CollectingSink();
            VethPair.await(() -> {
                source.poll(sink, half);
                return source.ringFill().orElseThrow() == 0;
            });
            assertTrue(
                    sink.frames.size() > half * 0.9, sink.frames.size() + " frames, all but those of the last block");
        }
    }

    @Test
    void shouldNotLookAtARingThatIsClosed() throws Exception {
        LivePcapSource source;
        try (LivePcapSource opened =
                LivePcapSource.open(config(Mode.THROUGHPUT, 4 << 20, 1_980)).getFirst()) {
            source = opened;
            assertTrue(source.ringFill().isPresent());
        }
        assertTrue(source.ringFill().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "2097152, 1980, 200, true, 1500",
        "5000000, 250000, 200, true, 1500",
        "5000000, 250000, 200, false, 1500",
        "5000000, 65535, 1000, false, 4000",
        "2097152, 2048, 1514, true, 1500",
        "2097152, 1981, 60, true, 1500",
        "1048576, 96, 200, true, 1500",
        "65536, 14, 60, true, 1500"
    })
    void shouldTellExactlyWhatALowLatencyRingHolds(long buffer, int snaplen, int frameBytes, boolean offloads, int mtu)
            throws Exception {
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "" + mtu);
        if (!offloads) {
            VethPair.run("ethtool", "-K", VethPair.NEAR, "tso", "off", "gso", "off", "gro", "off");
        }
        CaptureConfig config = config(Mode.LOW_LATENCY, buffer, snaplen);
        RingReport forecast = LivePcapSource.expectedRing(config);
        assertEquals(new LinkLimits(mtu, offloads, true), forecast.link());
        try (LivePcapSource source = open(config)) {
            assertEquals(forecast, source.ringReport());
            long frames = forecast.ring().frames(Math.min(snaplen, frameBytes));
            assertEquals(frames, held(source, frames, frameBytes));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 65535, 200",
        "2097152, 65535, 60",
        "2097152, 65535, 200",
        "2097152, 65535, 67",
        "5000000, 65535, 1514",
        "2097152, 96, 1000",
        "8388608, 250000, 201"
    })
    void shouldTellExactlyWhatAThroughputRingHolds(long buffer, int snaplen, int frameBytes) throws Exception {
        CaptureConfig config = config(Mode.THROUGHPUT, buffer, snaplen);
        RingReport forecast = LivePcapSource.expectedRing(config);
        try (LivePcapSource source = open(config)) {
            assertEquals(forecast, source.ringReport());
            int captured = Math.min(snaplen, frameBytes);
            long frames = forecast.ring().frames(captured);
            assertEquals(frames, held(source, frames, frameBytes));
        }
    }

    /** A snaplen that fills its slot, one that leaves 15 bytes of it, and one in throughput mode. */
    @ParameterizedTest
    @CsvSource({"LOW_LATENCY, 1980, 1978", "LOW_LATENCY, 1965, 1965", "THROUGHPUT, 1980, 1980"})
    void shouldCaptureTwoBytesLessWhereTheSnaplenFillsTheSlot(Mode mode, int snaplen, int captured) throws Exception {
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "4000");
        VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "4000");
        CollectingSink sink = new CollectingSink();
        try (LivePcapSource source = open(config(mode, 1 << 20, snaplen, Duration.ofMillis(10)));
                FarSender far = new FarSender()) {
            far.send(FarSender.udp(2_500));
            source.quiesce();
            VethPair.await(() -> source.poll(sink, 10) == 1);
        }
        assertEquals(captured, sink.frames.getFirst().capturedBytes());
    }

    @Test
    void shouldAssumeOfAnInterfaceThatIsNotThere() {
        assertFalse(LivePcapSource.expectedRing(CaptureConfig.live("nosuch0"))
                .link()
                .known());
    }

    private static LivePcapSource open(CaptureConfig config) throws OpenException {
        LivePcapSource source = LivePcapSource.open(config).getFirst();
        source.accept();
        return source;
    }
}
