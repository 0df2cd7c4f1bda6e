package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.Activated;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.util.MacAddress;

@Tag("live")
class PcapInjectorTest {
    private static final int MTU = 1500;

    @Test
    void shouldSendFramesOfEveryLengthUnchanged(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open();
                FarEnd far = FarEnd.take(4, folder);
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            for (int length : new int[] {14, 15, 60, MTU + 14}) {
                assertEquals(InjectResult.SENT, injector.inject(frame(length)));
            }
            List<List<String>> arrived = far.fields("frame.len", "eth.src", "data.data");
            assertEquals(List.of("14", "02:00:00:00:00:01", ""), arrived.get(0));
            assertEquals(List.of("15", "02:00:00:00:00:01", "0e"), arrived.get(1));
            assertEquals(List.of("60", "02:00:00:00:00:01", hex(frame(60))), arrived.get(2));
            assertEquals(List.of("1514", "02:00:00:00:00:01", hex(frame(1514))), arrived.get(3));
        }
    }

    @Test
    void shouldSayTooLongForMoreThanTheMtuAndTooShortForLessThanAHeader() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            assertEquals("", injector.failure());
            assertEquals(InjectResult.TOO_LONG, injector.inject(frame(MTU + 15)));
            assertEquals("send: Message too long", injector.failure());
            assertEquals(InjectResult.TOO_LONG, injector.inject(new byte[200_000]));
            assertEquals(InjectResult.TOO_SHORT, injector.inject(new byte[13]));
            assertEquals(InjectResult.TOO_SHORT, injector.inject(new byte[0]));
            assertEquals(InjectResult.SENT, injector.inject(frame(60)));
        }
    }

    @Test
    void shouldSayLinkDownWhileTheInterfaceIsDownAndSendTheFirstFrameAfterIt(@TempDir Path folder) throws Exception {
        try (VethPair pair = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            pair.set(VethPair.NEAR, false);
            assertEquals(InjectResult.LINK_DOWN, injector.inject(frame(60)));
            assertEquals(InjectResult.LINK_DOWN, injector.inject(frame(60)));
            pair.set(VethPair.NEAR, true);
            assertEquals(InjectResult.SENT, injector.inject(frame(60)));
            pair.set(VethPair.NEAR, false);
            pair.set(VethPair.NEAR, true);
            assertEquals(InjectResult.SENT, injector.inject(frame(60)));
            // More sends than the queue of a link that comes back might swallow without a word.
            try (FarEnd far = FarEnd.take(1, folder)) {
                VethPair.awaitUp();
                assertEquals(InjectResult.SENT, injector.inject(frame(60)));
                assertEquals(1, far.fields("frame.len").size());
            }
        }
    }

    @Test
    void shouldSayNoBufferWhenTheQueueRefusesAFrame() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            VethPair.slowDown("8bit", "2kb", "3000");
            assertEquals(InjectResult.NO_BUFFER, last(injector, 20));
            assertEquals("send: No buffer space available", injector.failure());
        }
    }

    @Test
    void shouldSayNoBufferWithinABoundWhenTheLinkTakesNothingMore() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            VethPair.slowDown("8bit", "2kb", "100000000"); // without a bound it would wait for minutes
            while (injector.inject(frame(1514)) == InjectResult.SENT) {}
            assertEquals("send: Resource temporarily unavailable", injector.failure());
            long before = System.nanoTime();
            assertEquals(InjectResult.NO_BUFFER, injector.inject(frame(1514)));
            long waited = System.nanoTime() - before;
            assertTrue(waited >= 90_000_000, "waited " + waited + " ns");
        }
    }

    @Test
    void shouldSayOtherAtOnceWhenTheInterfaceIsRemoved() throws Exception {
        try (VethPair pair = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
            assertEquals(InjectResult.SENT, injector.inject(frame(60)));
            pair.remove();
            assertEquals(InjectResult.OTHER, last(injector, 10));
            assertEquals("send: No such device or address", injector.failure());
            pair.create();
            assertEquals(InjectResult.OTHER, injector.inject(frame(60)));
        }
    }

    @Test
    void shouldReceiveNothingWhileFramesPassInBothDirections() throws Exception {
        int frames = 10_000;
        try (VethPair _ = VethPair.open();
                PcapInjector idle = PcapInjector.open(VethPair.NEAR);
                PcapInjector out = PcapInjector.open(VethPair.NEAR);
                PcapInjector in = PcapInjector.open(VethPair.FAR)) {
            for (int i = 0; i < frames; i++) {
                sendAsThereIsRoom(in);
                sendAsThereIsRoom(out);
            }
            VethPair.await(() -> packets("rx") >= frames && packets("tx") >= frames);
            assertEquals(0, idle.received());
            assertEquals(0, out.received());
            assertEquals(0, in.received());
        }
    }

    @Test
    void shouldNotBeOfferedFramesThatLeaveEvenWithoutAFilter() throws Exception {
        try (VethPair _ = VethPair.open();
                PcapInjector out = PcapInjector.open(VethPair.NEAR);
                PcapInjector in = PcapInjector.open(VethPair.FAR)) {
            Activated activated = PcapAccess.activateUnread(VethPair.NEAR);
            assertEquals(0, PacketSocket.of(activated).ignoreOutgoing());
            PcapHandle open = activated.handle();
            for (int i = 0; i < 1000; i++) {
                sendAsThereIsRoom(out);
            }
            assertEquals(0, open.getStats().getNumPacketsReceived());
            assertEquals(InjectResult.SENT, in.inject(frame(200)));
            VethPair.await(() -> received(open) >= 1);
            assertEquals(1, open.getStats().getNumPacketsReceived());
            open.close();
        }
    }

    @Test
    void shouldKnowTheInterfacesAddressAndMtu() throws Exception {
        try (VethPair _ = VethPair.open()) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "address", "02:0a:0b:0c:0d:fe", "mtu", "9000");
            VethPair.run("ip", "link", "set", VethPair.FAR, "mtu", "9000"); // else it drops what is longer
            try (PcapInjector injector = PcapInjector.open(VethPair.NEAR)) {
                assertEquals(MacAddress.getByName("02:0a:0b:0c:0d:fe"), injector.address());
                assertEquals(9000, injector.mtuBytes());
                assertEquals(InjectResult.SENT, injector.inject(frame(9014)));
                assertEquals(InjectResult.TOO_LONG, injector.inject(frame(9015)));
            }
            try (PcapInjector loopback = PcapInjector.open("lo")) {
                assertEquals(MacAddress.getByName("00:00:00:00:00:00"), loopback.address());
                assertEquals(65_536, loopback.mtuBytes());
            }
        }
    }

    @Test
    void shouldCloseMoreThanOnceAndSendNothingAfterwards() throws Exception {
        try (VethPair _ = VethPair.open()) {
            PcapInjector injector = PcapInjector.open(VethPair.NEAR);
            injector.close();
            injector.close();
            assertEquals(InjectResult.OTHER, injector.inject(frame(60)));
            assertEquals("the handle is closed", injector.failure());
        }
    }

    @Test
    void shouldSayWhichInterfacesThereAreWhenOneIsMissing() {
        try (VethPair _ = VethPair.open()) {
            OpenException e = assertThrows(OpenException.class, () -> PcapInjector.open("nosuch0"));
            assertEquals(Reason.NO_SUCH_INTERFACE, e.reason());
            assertTrue(e.getMessage().startsWith("cannot send on nosuch0: "), e.getMessage());
            assertTrue(e.getMessage().contains("(libpcap -5); there are "), e.getMessage());
            assertTrue(e.getMessage().contains(VethPair.NEAR), e.getMessage());
            assertFalse(e.getMessage().contains("\n"));
        }
    }

    @Test
    void shouldSayThatTheInterfaceIsDown() {
        try (VethPair pair = VethPair.open()) {
            pair.set(VethPair.NEAR, false);
            OpenException e = assertThrows(OpenException.class, () -> PcapInjector.open(VethPair.NEAR));
            assertEquals(Reason.INTERFACE_DOWN, e.reason());
            assertEquals(
                    "cannot send on rt0: That device is not up (libpcap -9); set it up: ip link set rt0 up",
                    e.getMessage());
        }
    }

    @Test
    void shouldSayHowToGrantTheCapabilityThatIsMissing() {
        try (VethPair _ = VethPair.open()) {
            String said = probe("--bounding-set", "-net_raw", "--inh-caps", "-net_raw");
            assertTrue(said.contains("NOT_PERMITTED cannot send on rt0: "), said);
            assertTrue(said.contains("(libpcap -8); CAP_NET_RAW is missing: "), said);
        }
    }

    @Test
    void shouldNeedNoOtherCapability() {
        try (VethPair _ = VethPair.open()) {
            String said = probe("--bounding-set", "-all,+net_raw", "--inh-caps", "-all");
            assertTrue(said.contains("open rt0"), said);
        }
    }

    private static String probe(String... limits) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of("setpriv"));
        command.addAll(List.of(limits));
        command.addAll(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", classPath));
        command.addAll(List.of(OpenProbe.class.getName(), VethPair.NEAR));
        return VethPair.run(command.toArray(String[]::new));
    }

    /** On a busy machine the other side may come too late for a frame. */
    private static void sendAsThereIsRoom(PcapInjector injector) {
        VethPair.await(() -> {
            InjectResult result = injector.inject(frame(200));
            assertTrue(result == InjectResult.SENT || result == InjectResult.NO_BUFFER, injector.failure());
            return result == InjectResult.SENT;
        });
    }

    private static long received(PcapHandle handle) {
        try {
            return handle.getStats().getNumPacketsReceived();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InjectResult last(PcapInjector injector, int frames) {
        InjectResult result = InjectResult.SENT;
        for (int i = 0; i < frames; i++) {
            result = injector.inject(frame(1000));
        }
        return result;
    }

    /** Frames the near end has received ("rx") or sent ("tx"), as its driver counts. */
    private static long packets(String direction) {
        String json = VethPair.run("ip", "-s", "-j", "link", "show", VethPair.NEAR);
        Matcher matcher = Pattern.compile("\"" + direction + "\":\\{\"bytes\":\\d+,\"packets\":(\\d+)")
                .matcher(json);
        assertTrue(matcher.find(), json);
        return Long.parseLong(matcher.group(1));
    }

    /** A frame whose bytes from the payload on are their own offsets. */
    private static byte[] frame(int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = (byte) i;
        }
        System.arraycopy(HexFormat.of().parseHex("020000000002" + "020000000001" + "88b5"), 0, frame, 0, 14);
        return frame;
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame, 14, frame.length);
    }
}
