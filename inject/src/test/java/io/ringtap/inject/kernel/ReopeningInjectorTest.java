package io.ringtap.inject.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.Backoff;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.mmsg.MmsgInjector;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.stream.StreamCommand;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pcap4j.util.MacAddress;

/** Streams whose interface is missing, goes, and comes back. The kernel's counters on the far end say what arrived. */
@Tag("live")
class ReopeningInjectorTest extends VethFixture {
    private static final MacAddress DESTINATION = MacAddress.getByName("02:00:5e:00:53:02");
    private static final int LENGTH = 60;
    private static final int SEQUENCE_AT = 20;

    private static FrameInjector open(Engine engine) throws OpenException {
        return switch (engine) {
            case SENDPACKET -> PcapInjector.open(VethPair.NEAR);
            case MMSG -> MmsgInjector.open(VethPair.NEAR, false);
            case MMSG_BYPASS -> MmsgInjector.open(VethPair.NEAR, true);
            case XDP -> XdpInjector.open(VethPair.NEAR);
        };
    }

    private static InjectLoop start(Engine engine, Schedule schedule) throws OpenException {
        FrameInjector injector = ReopeningInjector.open(VethPair.NEAR, engine, () -> open(engine));
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
            long sentBefore = counts(loop).sent();
            pair.createFarUp();
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            try (FarCapture far = FarCapture.start(folder)) {
                pair.set(VethPair.NEAR, true);
                VethPair.await(() -> counts(loop).sent() > sentBefore + 50);
                loop.command("a", new StreamCommand.Stop()).get();
                InjectCounts counts = counts(loop);
                int sent = (int) (counts.sent() - sentBefore);
                List<byte[]> frames = far.frames(sent);
                assertEquals(sent, frames.size());
                byte[] own = MacAddress.getByName(macOf(VethPair.NEAR)).getAddress();
                long number = counts.sent() + counts.failed() - sent; // what failed has numbers, too
                for (byte[] frame : frames) {
                    assertTrue(Arrays.equals(own, 0, 6, frame, 6, 12), "from the address that the interface has now");
                    assertEquals(number++, ByteBuffer.wrap(frame).getLong(SEQUENCE_AT), counts.toString());
                }
            }
            InjectCounts counts = counts(loop);
            Set<String> causes = new HashSet<>(Set.of("missing", "link_down"));
            if (engine == Engine.XDP) { // while the pair is taken apart, the far end refuses what the near one still
                // redirects
                causes.add("other");
            }
            assertTrue(causes.containsAll(counts.failures().keySet()), counts.toString());
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
            pair.createFarUp();
            long back = System.nanoTime();
            pair.set(VethPair.NEAR, true);
            VethPair.await(() -> {
                long sent = counts(loop).sent();
                long due = (System.nanoTime() - back) / 1_000_000 + 1; // since then, and all before it has failed
                assertTrue(sent <= due, sent + " frames left, " + due + " have fallen due");
                return sent >= 300;
            });
            assertTrue(loop.stop(Duration.ofMinutes(2)));
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
            VethPair.await(() -> counts(loop)
                    .gaps()
                    .lasting()
                    .filter(gap -> gap.cause() == Cause.DOWN) // as it goes down it is without a carrier for a moment
                    .isPresent());
            assertEquals(
                    List.of(Cause.NO_CARRIER, Cause.DOWN),
                    counts(loop).gaps().latest().stream().map(Gap::cause).toList());
        }
    }

    @Test
    void shouldTryAgainEverMoreSeldomWhatIsRefused() throws Exception {
        List<Long> tries = new CopyOnWriteArrayList<>();
        pair.remove();
        FrameInjector injector = ReopeningInjector.open(VethPair.NEAR, Engine.SENDPACKET, () -> {
            if (VethPair.run("ip", "-o", "link").contains(VethPair.NEAR + "@")) {
                tries.add(System.nanoTime());
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
            VethPair.await(() -> tries.size() >= 4);
            Gap gap = counts(loop).gaps().lasting().orElseThrow();
            assertEquals(Cause.REFUSED, gap.cause());
            assertEquals("no memory", gap.detail());
            long leastNanos = Backoff.SHORTEST.toNanos();
            for (int i = 1; i < 4; i++, leastNanos *= 2) {
                assertTrue(tries.get(i) - tries.get(i - 1) >= leastNanos, "tries at " + tries);
            }
        }
    }

    @Test
    void shouldTellHowLongItsEngineKeepsFramesWaitingBeforeTheInterfaceIsThereToo() throws Exception {
        pair.remove();
        FrameTemplate frame = FrameTemplate.of(DESTINATION, Optional.empty(), 0x88b5, "00");
        try (ReopeningInjector injector = ReopeningInjector.open(VethPair.NEAR, Engine.XDP, () -> open(Engine.XDP))) {
            assertEquals(Duration.ofMillis(50), injector.sender(frame, () -> 0).moment());
        }
    }

    @Test
    void shouldRefuseToStartOnWhatIsThereAndCannotBeOpened() {
        OpenException refused = assertThrows(
                OpenException.class,
                () -> ReopeningInjector.open(VethPair.NEAR, Engine.SENDPACKET, () -> {
                    throw new OpenException(Reason.NOT_PERMITTED, "no");
                }));
        assertEquals(Reason.NOT_PERMITTED, refused.reason());
    }
}
