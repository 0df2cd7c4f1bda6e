package io.ringtap.inject.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.Engine;
import io.ringtap.inject.FrameInjector;
import io.ringtap.inject.InjectConfig;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.Schedule;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import io.ringtap.inject.xdp.XdpInjector;
import io.ringtap.inject.xdp.XdpRights;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pcap4j.util.MacAddress;

/** Streams whose interface is missing, goes, and comes back. The kernel's counters on the far end say what arrived. */
@Tag("live")
class ReturningInjectorTest extends VethFixture {
    private static final MacAddress DESTINATION = MacAddress.getByName("02:00:5e:00:53:02");
    private static final int LENGTH = 60;
    private static final int SEQUENCE_AT = 20;

    /** What is promised; it is looked for ten times a second. */
    private static final long RETURN_NANOS = 1_000_000_000L;

    private static FrameInjector open(Engine engine) throws OpenException {
        return switch (engine) {
            case SENDPACKET -> PcapInjector.open(VethPair.NEAR);
            case MMSG -> MmsgInjector.open(VethPair.NEAR, false);
            case MMSG_BYPASS -> MmsgInjector.open(VethPair.NEAR, true);
            case XDP -> XdpInjector.open(VethPair.NEAR);
        };
    }

    private static InjectLoop start(Engine engine, Schedule schedule) throws OpenException {
        FrameInjector injector = ReturningInjector.open(VethPair.NEAR, engine, () -> open(engine));
        return InjectLoop.start(
                injector,
                List.of(InjectConfig.builder("a", VethPair.NEAR, schedule, numbered())
                        .build()),
                _ -> () -> 0);
    }

    /** Frames with a number of their own, from the interface's address. */
    private static FrameTemplate numbered() {
        return new FrameTemplate(
                EnumSet.of(Layer.ETHERNET),
                Map.of(Field.DESTINATION, FieldValue.of(DESTINATION), Field.ETHERTYPE, FieldValue.of(0x88b5)),
                Content.NONE,
                FrameLengths.of(LENGTH),
                List.of(new Variation.Sequence(new Target.Bytes(SEQUENCE_AT, 8), 0)),
                Optional.empty());
    }

    private static InjectCounts counts(InjectLoop loop) {
        return loop.counts().getFirst();
    }

    private static void awaitReturn(InjectLoop loop) {
        long back = System.nanoTime();
        long sent = counts(loop).sent();
        VethPair.await(() -> counts(loop).sent() > sent + 10);
        assertTrue(System.nanoTime() - back < RETURN_NANOS, "resumed late");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void shouldGoOnWithTheNextFrameOnTheInterfaceThatIsMadeAnew(Engine engine, @TempDir Path folder) throws Exception {
        if (engine == Engine.XDP && XdpRights.areRefused()) {
            return;
        }
        VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
        try (InjectLoop loop = start(engine, new Schedule.Rate(500))) {
            VethPair.await(() -> counts(loop).sent() > 50);
            pair.remove();
            VethPair.await(() -> counts(loop).failed() > 100);
            pair.create();
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            awaitReturn(loop);
            try (FarCapture far = FarCapture.start(folder)) {
                InjectCounts before = counts(loop);
                List<byte[]> frames = far.frames(50);
                byte[] own = MacAddress.getByName(macOf(VethPair.NEAR)).getAddress();
                long last = 0;
                for (byte[] frame : frames) {
                    assertTrue(Arrays.equals(own, 0, 6, frame, 6, 12), "from the address that the interface has now");
                    long number = ByteBuffer.wrap(frame).getLong(SEQUENCE_AT);
                    assertTrue(last == 0 || number == last + 1, number + " after " + last);
                    last = number;
                }
                assertTrue(last >= before.sent() + before.failed(), "what failed has numbers too: " + last);
            }
            InjectCounts counts = counts(loop);
            assertTrue(
                    Set.of("missing", "link_down").containsAll(counts.failures().keySet()), counts.toString());
            assertTrue(counts.failures().get("missing") > 0, counts.toString());
            assertEquals(1, counts.gaps().count());
            Cause cause = counts.gaps().latest().getFirst().cause();
            assertTrue(cause == Cause.MISSING || engine == Engine.XDP, "the far end was not ready for XDP: " + cause);
            assertTrue(counts.gaps().lasting().isEmpty());
        }
    }

    private static String macOf(String interfaceName) {
        return VethPair.run("ip", "-j", "link", "show", interfaceName)
                .replaceAll("(?s).*\"address\":\"([0-9a-f:]+)\".*", "$1");
    }

    @Test
    void shouldNotSendInABurstWhatFellDueWhileTheInterfaceWasMissing() throws Exception {
        pair.remove();
        try (InjectLoop loop = start(Engine.SENDPACKET, new Schedule.Rate(1_000))) {
            VethPair.await(() -> counts(loop).failed() >= 500);
            assertEquals(Map.of("missing", counts(loop).failed()), counts(loop).failures());
            assertEquals(
                    Cause.MISSING, counts(loop).gaps().lasting().orElseThrow().cause());
            pair.create();
            awaitReturn(loop);
            long from = System.nanoTime();
            long sentBefore = arrived();
            VethPair.await(() -> arrived() >= sentBefore + 500);
            long nanos = System.nanoTime() - from;
            assertTrue(nanos > 300_000_000L, "500 frames at 1,000 a second in " + nanos + " ns");
            assertTrue(loop.stop(Duration.ofSeconds(2)));
            assertEquals(counts(loop).sent(), arrived());
            assertEquals(1, counts(loop).gaps().count());
        }
    }

    /** Frames that the far end's driver has received. */
    private static long arrived() {
        String far = VethPair.run("ip", "-j", "-s", "link", "show", VethPair.FAR);
        return Long.parseLong(far.replaceAll("(?s).*\"rx\":.*?\"packets\":([0-9]+).*", "$1"));
    }

    @Test
    void shouldWriteDownTheGapsOfALinkThoughNothingIsToBeSent() throws Exception {
        try (InjectLoop loop = start(Engine.SENDPACKET, new Schedule.Every(Duration.ofDays(1)))) {
            pair.set(VethPair.FAR, false);
            VethPair.await(() -> counts(loop).gaps().lasting().isPresent());
            pair.set(VethPair.FAR, true);
            VethPair.await(() -> counts(loop).gaps().lasting().isEmpty());
            pair.set(VethPair.NEAR, false);
            VethPair.await(() -> counts(loop).gaps().lasting().isPresent());
            assertEquals(
                    List.of(Cause.NO_CARRIER, Cause.DOWN),
                    counts(loop).gaps().latest().stream().map(Gap::cause).toList());
        }
    }

    @Test
    void shouldTryAgainEverMoreSeldomWhatIsRefused() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        pair.remove();
        FrameInjector injector = ReturningInjector.open(VethPair.NEAR, Engine.SENDPACKET, () -> {
            if (VethPair.run("ip", "-o", "link").contains(VethPair.NEAR + "@")) {
                tries.incrementAndGet();
                throw new OpenException(Reason.OTHER, "no memory");
            }
            return PcapInjector.open(VethPair.NEAR);
        });
        try (InjectLoop loop = InjectLoop.start(
                injector,
                List.of(InjectConfig.builder("a", VethPair.NEAR, new Schedule.Rate(100), numbered())
                        .build()),
                _ -> () -> 0)) {
            pair.create();
            VethPair.await(() -> tries.get() >= 3);
            Gap gap = counts(loop).gaps().lasting().orElseThrow();
            assertEquals(Cause.REFUSED, gap.cause());
            assertEquals("no memory", gap.detail());
            Thread.sleep(500);
            assertTrue(tries.get() <= 4, tries + " tries");
        }
    }

    @Test
    void shouldTellHowLongItsEngineKeepsFramesWaitingBeforeTheInterfaceIsThereToo() throws Exception {
        pair.remove();
        FrameTemplate frame = FrameTemplate.of(DESTINATION, Optional.empty(), 0x88b5, "00");
        try (ReturningInjector injector = ReturningInjector.open(VethPair.NEAR, Engine.XDP, () -> open(Engine.XDP))) {
            assertEquals(Duration.ofMillis(50), injector.sender(frame, () -> 0).moment());
        }
    }

    @Test
    void shouldRefuseToStartOnWhatIsThereAndCannotBeOpened() {
        OpenException refused = assertThrows(
                OpenException.class,
                () -> ReturningInjector.open(VethPair.NEAR, Engine.SENDPACKET, () -> {
                    throw new OpenException(Reason.NOT_PERMITTED, "no");
                }));
        assertEquals(Reason.NOT_PERMITTED, refused.reason());
    }
}
