package io.ringtap.inject.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("live")
class XdpInjectorTest {
    /** The driver has room for 256, however late the far end comes. */
    private static final int FRAMES = 250;

    @Test
    void shouldSayThatADriverTakesNoRedirectedFramesAndWhatToDo() throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "off");
            OpenException e = assertThrows(OpenException.class, () -> XdpInjector.open(VethPair.NEAR));
            assertEquals(Reason.OTHER, e.reason());
            assertTrue(
                    e.getMessage()
                            .startsWith(
                                    "cannot send on rt0: engine xdp: the driver of rt0 takes no redirected frames now"),
                    e.getMessage());
            assertTrue(e.getMessage().contains("ethtool -K PEER gro on"), e.getMessage());
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchInterface() {
        OpenException e = assertThrows(OpenException.class, () -> XdpInjector.open("nosuch0"));
        assertEquals(Reason.NO_SUCH_INTERFACE, e.reason());
    }

    @Test
    void shouldCountEveryFrameAsFailedThatTheDriverDidNotTake() throws Exception {
        try (VethPair pair = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            try (XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                StreamSender sender = injector.sender(CompiledTemplate.constant(new byte[60]), System::nanoTime);
                assertEquals(List.of("sent " + FRAMES), send(sender));
                VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "off");
                List<String> refused = send(sender);
                assertEquals(1, refused.size());
                assertTrue(refused.getFirst().startsWith("OTHER " + FRAMES), refused.getFirst());
                assertTrue(refused.getFirst().contains("gro on"), refused.getFirst());
                VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
                pair.set(VethPair.NEAR, false);
                assertEquals(List.of("LINK_DOWN " + FRAMES + " Network is down"), send(sender));
                pair.set(VethPair.NEAR, true);
                assertEquals(List.of("sent " + FRAMES), send(sender));
            }
        }
    }

    @Test
    void shouldCountWhatTheInterfaceCounts() throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            try (XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                StreamSender sender = injector.sender(CompiledTemplate.constant(new byte[60]), System::nanoTime);
                long before = received();
                Told told = new Told();
                int frames = 300_000;
                sender.send(frames, told);
                assertEquals(frames, told.sent + told.failed);
                VethPair.await(() -> received() - before == told.sent);
            }
        }
    }

    /** A far end whose frames are handled by a thread of its own, which cannot keep up: its queue holds 256. */
    @Test
    void shouldCountExactlyTheFramesThatTheDriverHadNoRoomFor() throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            VethPair.run(
                    "unshare",
                    "--mount",
                    "sh",
                    "-ec",
                    "mount -t sysfs sysfs /sys; echo 1 > /sys/class/net/" + VethPair.FAR + "/threaded");
            try (XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                StreamSender sender = injector.sender(CompiledTemplate.constant(new byte[60]), System::nanoTime);
                long before = received();
                int frames = 300_000;
                Told told;
                long all = 0;
                do { // until that thread comes late
                    told = new Told();
                    sender.send(frames, told);
                    assertEquals(frames, told.sent + told.failed);
                    all += told.sent;
                } while (told.failed == 0);
                assertEquals(
                        List.of("sent " + told.sent, "NO_BUFFER " + told.failed + " the driver had no room for them"),
                        told.lines);
                long sent = all;
                VethPair.await(() -> received() - before >= sent);
                sender.send(1, told); // behind any that should not be there
                VethPair.await(() -> received() - before > sent);
                assertEquals(sent + 1, received() - before);
            }
        }
    }

    @Test
    void shouldRefuseFramesThatDoNotFitThePage() throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            try (XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                byte[] tooLong = new byte[XdpInjector.MOST_BYTES + 1];
                OpenException e = assertThrows(
                        OpenException.class,
                        () -> injector.sender(CompiledTemplate.constant(tooLong), System::nanoTime));
                assertTrue(e.getMessage().contains("at most 3000 bytes, not 3001"), e.getMessage());
                assertEquals(InjectResult.TOO_LONG, injector.inject(tooLong));
            }
        }
    }

    @Test
    void shouldNameTheCapabilitiesThatAreMissing() {
        try (VethPair _ = VethPair.open()) {
            String said = VethPair.run(
                    "setpriv",
                    "--bounding-set=-all,+net_raw",
                    "--inh-caps=-all,+net_raw",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    OpenXdp.class.getName(),
                    VethPair.NEAR);
            assertTrue(said.contains("NOT_PERMITTED cannot send on rt0: engine xdp: making a map failed"), said);
            assertTrue(said.contains("CAP_BPF, CAP_NET_ADMIN or CAP_PERFMON is missing"), said);
        }
    }

    private static long received() {
        return VethPair.run("ip", "-s", "-o", "link", "show", VethPair.FAR)
                .lines()
                .map(line -> line.replaceAll("(?s).*RX:[^\\\\]*\\\\\\s*\\d+\\s+(\\d+).*", "$1"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> send(StreamSender sender) {
        Told told = new Told();
        sender.send(FRAMES, told);
        return told.lines;
    }

    private static final class Told implements StreamSender.Outcomes {
        private final List<String> lines = new ArrayList<>();
        private int sent;
        private int failed;

        @Override
        public void sent(int frames) {
            sent += frames;
            lines.add("sent " + frames);
        }

        @Override
        public void failed(InjectResult why, int frames, String detail) {
            failed += frames;
            lines.add(why + " " + frames + " " + detail);
        }
    }
}
