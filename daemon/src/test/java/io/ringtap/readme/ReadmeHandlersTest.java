package io.ringtap.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.StatsReader;
import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.ArpPacket.ArpHeader;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.namednumber.ArpOperation;

/** The README's handlers in a daemon, started by the README's own line, on a veth pair. */
@Tag("live")
class ReadmeHandlersTest {
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long ASKER = 0x02_00_00_00_00_22L;
    private static final int ASKER_ADDRESS = 0xc000_0209; // 192.0.2.9
    private static final int ANSWERED_ADDRESS = 0xc000_0201; // 192.0.2.1, as the README configures
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    @TempDir
    private Path folder;

    private ReadmeFolder checkout;

    @BeforeEach
    void compile() throws Exception {
        checkout = ReadmeFolder.in(folder);
        checkout.compileHandlers();
        String config = Readme.configurationWith("org.example.ArpResponder").replace("ens192", VethPair.NEAR);
        checkout.write("handlers.toml", config + "[control]\nsocket = \"" + socket() + "\"\n");
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    @Test
    void shouldAnswerRequestsForTheAddressAndNothingElseAndCountVlans() throws Exception {
        List<Frame> answers = new CopyOnWriteArrayList<>();
        try (VethPair _ = VethPair.open();
                Tap _ = farEnd(answers);
                FarSender sender = new FarSender()) {
            Process daemon = startDaemon();
            try {
                sender.send(arp(REQUEST, ANSWERED_ADDRESS));
                VethPair.await(() -> answers.size() == 1);
                sendWhatIsNotToBeAnswered(sender);
                sender.send(arp(REQUEST, ANSWERED_ADDRESS)); // one thread: its answer comes after any other
                VethPair.await(() -> answers.size() >= 2);

                Map<String, Map<String, Map<String, Long>>> tables = handlerTables();
                assertEquals(Map.of("requests", Map.of("answered", 2L)), tables.get("org.example.ArpResponder"));
                assertEquals(
                        Map.of(
                                "VLAN 0", Map.of("frames", 10L),
                                "VLAN 100", Map.of("frames", 5L),
                                "VLAN 200", Map.of("frames", 3L)),
                        tables.get("org.example.VlanCount"));
                assertEquals(Map.of("10.0.0.1", Map.of("bytes", 200L)), tables.get("org.example.TopTalkers"));
            } finally {
                daemon.destroy();
            }
            VethPair.await(() -> !daemon.isAlive());
            assertEquals(0, daemon.exitValue(), this::printed);
            assertEquals(2, answers.size());
            answers.forEach(ReadmeHandlersTest::assertAnswer);
            assertTrue(printed().endsWith("""
                    worker=default capture=rt0 delivered=18 failed=0 shed=0
                    inject=handlers sent=2 failed=0
                    ledger lost=0 unaccounted=0
                    """), this::printed);
        }
    }

    /** 16 frames, 8 of them in VLANs. */
    private static void sendWhatIsNotToBeAnswered(FarSender sender) {
        sender.send(FarSender.udp(200));
        sender.send(arp(REQUEST, ANSWERED_ADDRESS + 1));
        sender.send(arp(REPLY, ANSWERED_ADDRESS));
        sender.send(FrameBytes.cut(arp(REQUEST, ANSWERED_ADDRESS), 41));
        sender.send(FrameBytes.cut(arp(REQUEST, ANSWERED_ADDRESS), 14));
        sender.send(new FrameBytes(BROADCAST, ASKER).type(0x88b5).padTo(60).bytes());
        sender.send(otherHardware());
        sender.send(new FrameBytes(BROADCAST, ASKER).type(39).padTo(60).bytes());
        for (int i = 0; i < 8; i++) {
            int vlan = i < 5 ? 100 : 200;
            sender.send(
                    arpBehind(new FrameBytes(BROADCAST, ASKER).tag(0x8100, 0x6000 | vlan), REQUEST, ANSWERED_ADDRESS));
        }
    }

    @Test
    void shouldSatisfyTheLinuxKernelThatAsks() throws Exception {
        try (VethPair _ = VethPair.open()) {
            Process daemon = startDaemon();
            try {
                VethPair.run("ip", "address", "add", "192.0.2.9/24", "dev", VethPair.FAR);
                VethPair.run("bash", "-c", "echo >/dev/udp/192.0.2.1/9");
                VethPair.await(() -> VethPair.run("ip", "neighbour", "show", "192.0.2.1")
                        .startsWith("192.0.2.1 dev rt1 lladdr 02:00:5e:00:53:01 "));
            } finally {
                daemon.destroy();
            }
            VethPair.await(() -> !daemon.isAlive());
            assertEquals(0, daemon.exitValue(), this::printed);
        }
    }

    @Test
    void shouldSendFromAProgramOfFewLines() throws Exception {
        List<Frame> sent = new CopyOnWriteArrayList<>();
        checkout.compileProgram("SendBeacon");
        try (VethPair _ = VethPair.open();
                Tap _ = farEnd(sent)) {
            String said = checkout.run(Readme.shellLine("SendBeacon.java").replace("ens192", VethPair.NEAR));
            assertTrue(said.endsWith("100 frames sent\n"), said);
            VethPair.await(() -> sent.size() >= 100);
        }
        assertEquals(100, sent.size());
        for (Frame frame : sent) {
            assertEquals(18, frame.length());
            assertEquals(0x02_00_5e_00_53_02L, frame.longAt(0) >>> 16);
            assertEquals(0x88b5, frame.etherType());
            assertEquals(0x01_02_03_04, frame.intAt(14));
        }
    }

    private Process startDaemon() throws IOException {
        Process daemon = checkout.start(Readme.shellLine(" run --config handlers.toml"), output());
        VethPair.await(() -> !daemon.isAlive() || printed().contains("ready"));
        assertTrue(daemon.isAlive(), this::printed);
        return daemon;
    }

    private Path output() {
        return folder.resolve("daemon.txt");
    }

    private String printed() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tap farEnd(List<Frame> frames) throws Exception {
        HandlerFactory keep = new HandlerFactory("keep", () -> frame -> frames.add(frame.copy()));
        WorkerConfig worker = new WorkerConfig("far", List.of(), 1, Share.FLOW, Delivery.GATE, List.of(keep));
        Tap tap = Tap.open(CaptureConfig.live(VethPair.FAR), List.of(worker), () -> _ -> false);
        tap.start();
        return tap;
    }

    private Map<String, Map<String, Map<String, Long>>> handlerTables() throws Exception {
        Ledger ledger = StatsReader.read(new ControlClient(socket(), VethPair.HANG).call("stats"))
                .ledger();
        Map<String, Map<String, Map<String, Long>>> tables = new TreeMap<>();
        ledger.handlers().forEach(handler -> tables.put(handler.type(), Map.copyOf(handler.table())));
        return tables;
    }

    private static void assertAnswer(Frame answer) {
        EthernetPacket packet = answer.packet();
        assertEquals(60, answer.length());
        assertEquals("02:00:00:00:00:22", packet.getHeader().getDstAddr().toString());
        assertEquals("02:00:5e:00:53:01", packet.getHeader().getSrcAddr().toString());
        ArpHeader arp = packet.get(ArpPacket.class).getHeader();
        assertEquals(ArpOperation.REPLY, arp.getOperation());
        assertEquals("02:00:5e:00:53:01", arp.getSrcHardwareAddr().toString());
        assertEquals("192.0.2.1", arp.getSrcProtocolAddr().getHostAddress());
        assertEquals("02:00:00:00:00:22", arp.getDstHardwareAddr().toString());
        assertEquals("192.0.2.9", arp.getDstProtocolAddr().getHostAddress());
    }

    private static byte[] arp(int operation, int wanted) {
        return arpBehind(new FrameBytes(BROADCAST, ASKER), operation, wanted);
    }

    private static byte[] arpBehind(FrameBytes frame, int operation, int wanted) {
        frame.type(FrameBytes.ARP).u16(1).u16(FrameBytes.IPV4).u8(6).u8(4).u16(operation);
        frame.u16((int) (ASKER >>> 32)).u32((int) ASKER).u32(ASKER_ADDRESS);
        return frame.u16(0).u32(0).u32(wanted).bytes();
    }

    /** A request as IEEE 802 (6) hardware makes it, not Ethernet (1). */
    private static byte[] otherHardware() {
        byte[] frame = arp(REQUEST, ANSWERED_ADDRESS);
        frame[15] = 6;
        return frame;
    }
}
