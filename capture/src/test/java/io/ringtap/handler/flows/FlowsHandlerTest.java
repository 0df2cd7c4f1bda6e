package io.ringtap.handler.flows;

import static io.ringtap.handler.flows.FlowFrames.ACK;
import static io.ringtap.handler.flows.FlowFrames.FIN;
import static io.ringtap.handler.flows.FlowFrames.SYN;
import static io.ringtap.handler.flows.FlowFrames.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowsHandlerTest {
    private static final String HEAD = "{\"worker\":\"test\",\"capture\":\"test\",\"observer\":{\"name\":\"north\"},";

    @TempDir
    private Path folder;

    private final TestContext context = new TestContext().ofFile();
    private HandlerTrial trial;

    private HandlerTrial start(Object... keys) {
        trial = HandlerTrial.start(TestSettings.of(keys).make(FlowsHandler::new), context);
        return trial;
    }

    @AfterEach
    void stop() {
        if (trial != null) {
            trial.stop();
            assertEquals(List.of(), trial.thrown());
        }
    }

    private String ask(String by, int top) {
        return context.ask("flows", Map.of("by", by, "top", Integer.toString(top)));
    }

    private long value(String column) {
        return context.value("flows", column);
    }

    @Test
    void shouldCountBothDirectionsOfATcpConversation() {
        start("sensor", "north")
                .frames(
                        at(0, FlowFrames.tcp(1, 4_000, 2, 80, SYN, 0, 100)),
                        at(0.5, FlowFrames.tcp(2, 80, 1, 4_000, SYN | ACK, 0, 100)),
                        at(1, FlowFrames.tcp(1, 4_000, 2, 80, ACK, 10, 100)),
                        at(1.25, FlowFrames.tcp(1, 4_000, 2, 80, FIN | ACK, 0, 100)));
        assertEquals(
                "{\"active\":1,\"flows\":[" + HEAD + "\"vlan\":100,\"protocol\":\"tcp\","
                        + "\"source\":\"10.0.0.1\",\"source_port\":4000,"
                        + "\"destination\":\"10.0.0.2\",\"destination_port\":80,"
                        + "\"first\":\"2023-11-14T22:13:20.000000000Z\",\"last\":\"2023-11-14T22:13:21.250000000Z\","
                        + "\"forward\":{\"frames\":3,\"bytes\":184,\"tcp_flags\":\"...A..SF\",\"ip_bytes\":130},"
                        + "\"reverse\":{\"frames\":1,\"bytes\":58,\"tcp_flags\":\"...A..S.\",\"ip_bytes\":40},"
                        + "\"conn_state\":\"S2\",\"syn_first\":true,"
                        + "\"community_id\":\"1:7ZhQSud9D8YGcE//fM9wM4/3mq8=\",\"rate\":{\"pps\":1,\"bps\":300}}]}",
                ask("bytes", 20));
        assertEquals(1, value("active"));
        assertEquals(0, value("ended"));
        assertEquals(0, value("evicted"));
    }

    @Test
    void shouldTakeTheFirstFramesDirectionForForwardWhateverTheAddresses() {
        start().frames(at(0, FlowFrames.udp(9, 53, 2, 4_000, 100)), at(1, FlowFrames.udp(2, 4_000, 9, 53, 10)));
        String flow = ask("bytes", 1);
        assertTrue(flow.contains("\"source\":\"10.0.0.9\",\"source_port\":53"), flow);
        assertTrue(flow.contains("\"forward\":{\"frames\":1,\"bytes\":142,"), flow);
        assertTrue(flow.contains("\"reverse\":{\"frames\":1,\"bytes\":52,"), flow);
    }

    @Test
    void shouldTellVlansInnerVlansPortsProtocolsAndAddressesApart() {
        start().frames(
                        at(0, FlowFrames.udp(1, 10, 2, 20, 8)),
                        at(0, FlowFrames.udp(1, 10, 2, 20, 8, 5)),
                        at(0, FlowFrames.udp(1, 10, 2, 20, 8, 5, 6)),
                        at(0, FlowFrames.udp(1, 10, 2, 20, 8, 6, 5)),
                        at(0, FlowFrames.udp(1, 10, 2, 21, 8)),
                        at(0, FlowFrames.udp(1, 11, 2, 20, 8)),
                        at(0, FlowFrames.udp(1, 20, 2, 10, 8)),
                        at(0, FlowFrames.udp(1, 10, 3, 20, 8)),
                        at(0, FlowFrames.tcp(1, 10, 2, 20, ACK, 8)),
                        at(0, FlowFrames.udp6(1, 10, 2, 20, 8)),
                        at(0, FlowFrames.icmp(1, 2, 8)),
                        at(0, FlowFrames.arp(1, 2)));
        assertEquals(12, value("active"));
    }

    @Test
    void shouldTakeATagThatHoldsAPriorityAloneForNone() {
        start().frames(at(0, FlowFrames.udp(1, 10, 2, 20, 8)), at(0, FlowFrames.udp(2, 20, 1, 10, 8, 0x6000)));
        assertEquals(1, value("active"));
    }

    @Test
    void shouldKeepAPingAndItsAnswersInOneFlow() {
        start().frames(at(0, FlowFrames.icmp(1, 2, 8)), at(0, FlowFrames.icmp(2, 1, 0)));
        assertEquals(1, value("active"));
        assertTrue(ask("frames", 1)
                .contains("\"protocol\":\"icmp\",\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\""));
    }

    @Test
    void shouldKeepAllFragmentsOfADatagramInOneFlowWithoutPorts() {
        start().frames(
                        at(0, FlowFrames.fragment(1, 2, 0, true, 1_480)),
                        at(0, FlowFrames.fragment(1, 2, 1_480, true, 1_480)),
                        at(0, FlowFrames.fragment(1, 2, 2_960, false, 48)));
        assertEquals(1, value("active"));
        String flow = ask("frames", 1);
        assertTrue(flow.contains("\"protocol\":\"udp\",\"source\":\"10.0.0.1\",\"destination\""), flow);
        assertTrue(flow.contains("\"forward\":{\"frames\":3,\"bytes\":3110,"), flow);
    }

    @Test
    void shouldKeepFramesThatAreNotIpByTheirMacAddressesAndType() {
        start().frames(
                        at(0, FlowFrames.arp(1, 2)),
                        at(0, FlowFrames.arp(2, 1)),
                        at(0, FlowFrames.ethernet(1, 2).type(39).padTo(60).bytes()));
        assertEquals(2, value("active"));
        String flows = ask("frames", 2);
        assertTrue(
                flows.contains("\"protocol\":\"ethernet\",\"ethertype\":\"0x0806\","
                        + "\"source\":\"02:00:00:00:00:01\",\"destination\":\"02:00:00:00:00:02\""),
                flows);
        assertTrue(flows.contains("\"protocol\":\"ethernet\",\"source\":\"02:00:00:00:00:01\""), flows);
    }

    @Test
    void shouldCountTheLengthOnTheLinkAndFramesWithoutAddressesApart() {
        byte[] whole = FlowFrames.udp(1, 10, 2, 20, 1_000);
        start().frames(
                        Frame.of(FrameBytes.cut(whole, 60), whole.length, FlowFrames.START, "test"),
                        at(0, new byte[11]),
                        at(0, new byte[0]));
        assertTrue(ask("bytes", 1).contains("\"forward\":{\"frames\":1,\"bytes\":1042,"));
        assertEquals(1, value("active"));
        assertEquals(2, context.value("frames", "too_short"));
        assertEquals(3, trial.delivered());
    }

    @Test
    void shouldGiveTheLargestByWhatIsAsked() {
        start();
        for (int n = 1; n <= 50; n++) { // the more frames, the fewer bytes
            for (int i = 0; i < n; i++) {
                trial.frames(at(i, FlowFrames.udp(1, n, 2, 20, 4 * (51 - n) * (51 - n) / n)));
            }
        }
        assertEquals(50, value("active"));
        assertTrue(ask("frames", 3).matches(".*_port\":50,.*_port\":49,.*_port\":48,.*"));
        assertTrue(ask("bytes", 1).contains("\"source_port\":1,"));
        assertEquals(51, ask("bytes", 1_000).split("source_port", -1).length);
    }

    @Test
    void shouldRefuseAQuestionItCannotAnswer() {
        start();
        assertEquals(
                "by must be bytes or frames or bps or pps",
                assertThrows(IllegalArgumentException.class, () -> ask("packets", 3))
                        .getMessage());
        for (String top : List.of("0", "1001", "-1", "x", "")) {
            assertEquals(
                    "top must be a number from 1 to 1000",
                    assertThrows(IllegalArgumentException.class, () -> context.ask("flows", Map.of("top", top)))
                            .getMessage());
        }
    }

    @Test
    void shouldEndAFlowThatIsIdleAndBeginAnewWithItsNextFrame() throws IOException {
        Path file = folder.resolve("flows.jsonl");
        start("idle", Duration.ofSeconds(10), "sensor", "north", "file", file.toString())
                .frames(
                        at(0, FlowFrames.udp(1, 10, 2, 20, 8)),
                        at(10, FlowFrames.udp(1, 10, 2, 20, 8)),
                        at(20.001, FlowFrames.udp(2, 20, 1, 10, 8)));
        assertEquals(1, value("active"));
        assertEquals(1, value("ended"));
        trial.stop();
        List<String> lines = Files.readAllLines(file);
        assertEquals(2, lines.size());
        assertEquals(
                HEAD + "\"protocol\":\"udp\",\"source\":\"10.0.0.1\",\"source_port\":10,"
                        + "\"destination\":\"10.0.0.2\",\"destination_port\":20,"
                        + "\"first\":\"2023-11-14T22:13:20.000000000Z\",\"last\":\"2023-11-14T22:13:30.000000000Z\","
                        + "\"forward\":{\"frames\":2,\"bytes\":100,\"ip_bytes\":72},"
                        + "\"reverse\":{\"frames\":0,\"bytes\":0,\"ip_bytes\":0},\"community_id\":\"1:Jiie7Fry8VT8/3u72AvEX63qA14=\","
                        + "\"end\":\"idle\"}",
                lines.get(0));
        assertTrue(lines.get(1).contains("\"source\":\"10.0.0.2\",\"source_port\":20"), lines.get(1));
        assertTrue(lines.get(1).endsWith("\"end\":\"stop\"}"), lines.get(1));
        assertEquals(0, value("unwritten"));
        assertEquals(2, value("ended"));
        assertEquals(0, value("active"));
    }

    @Test
    void shouldEndTheRecordOfAFlowThatLastsAndGoOnWithTheNext() throws IOException {
        Path file = folder.resolve("flows.jsonl");
        start("active", Duration.ofSeconds(5), "file", file.toString());
        for (int second = 0; second < 12; second++) {
            trial.frames(at(second, FlowFrames.udp(1, 10, 2, 20, 8)));
        }
        trial.stop();
        List<String> lines = Files.readAllLines(file);
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).contains("\"frames\":5,\"bytes\":250,"), lines.get(0));
        assertTrue(lines.get(0).endsWith("\"end\":\"active\"}"), lines.get(0));
        assertTrue(lines.get(1).contains("\"frames\":5,\"bytes\":250,"), lines.get(1));
        assertTrue(lines.get(2).contains("\"frames\":2,\"bytes\":100,"), lines.get(2));
        assertTrue(lines.get(2).endsWith("\"end\":\"stop\"}"), lines.get(2));
    }

    @Test
    void shouldNeverEndAFlowWhenTheTimesAreZero() {
        start("idle", Duration.ZERO, "active", Duration.ZERO)
                .frames(at(0, FlowFrames.udp(1, 10, 2, 20, 8)), at(1e9, FlowFrames.udp(1, 10, 2, 20, 8)))
                .idle(Duration.ofMinutes(1));
        assertEquals(1, value("active"));
        assertEquals(0, value("ended"));
    }

    @Test
    void shouldEndIdleFlowsOfAFileByItsOwnTimeAlone() {
        start("idle", Duration.ofSeconds(10))
                .frames(at(0, FlowFrames.udp(1, 10, 2, 20, 8)), at(5, FlowFrames.udp(1, 11, 2, 20, 8)))
                .idle(Duration.ofMinutes(5));
        assertEquals(2, value("active"));
        trial.frames(at(12, FlowFrames.udp(1, 12, 2, 20, 8))).idle(Duration.ofSeconds(5));
        assertEquals(2, value("active"));
        assertEquals(1, value("ended"));
    }

    @Test
    void shouldEndIdleFlowsOfAnInterfaceThoughNoFrameComes() {
        TestContext live = new TestContext();
        try (HandlerTrial handler = HandlerTrial.start(
                TestSettings.of("idle", Duration.ofSeconds(10)).make(FlowsHandler::new), live)) {
            handler.frame(FlowFrames.udp(1, 10, 2, 20, 8));
            handler.idle(Duration.ofSeconds(6)).frame(FlowFrames.udp(1, 11, 2, 20, 8));
            assertEquals(2, live.value("flows", "active"));
            handler.idle(Duration.ofSeconds(8));
            assertEquals(1, live.value("flows", "active"));
            assertEquals(1, live.value("flows", "ended"));
            handler.idle(Duration.ofSeconds(8));
            assertEquals(0, live.value("flows", "active"));
            assertEquals(2, live.value("flows", "ended"));
        }
    }

    @Test
    void shouldEndFlowsOfAnInterfaceByTheTimeThatPassesThoughTheClockIsSet() {
        TestContext live = new TestContext();
        try (HandlerTrial handler = HandlerTrial.start(
                TestSettings.of("idle", Duration.ofSeconds(10)).make(FlowsHandler::new), live)) {
            for (Duration step : List.of(Duration.ofDays(1), Duration.ofDays(-2))) {
                long ended = live.value("flows", "ended");
                handler.frame(FlowFrames.udp(1, 10, 2, 20, 8));
                live.setClock(step);
                handler.idle(Duration.ofSeconds(9));
                assertEquals(1, live.value("flows", "active"), "not idle yet");
                handler.idle(Duration.ofSeconds(5));
                assertEquals(0, live.value("flows", "active"), "idle");
                assertEquals(ended + 1, live.value("flows", "ended"));
            }
        }
    }

    /** It begins and ends as its own flow; by the others' time nothing has passed, whenever the search comes by. */
    @Test
    void shouldEndNothingForOneFrameWithATimeThatIsFarOff() {
        start("idle", Duration.ofSeconds(10));
        for (double far : new double[] {1e9, -1e9}) {
            trial.frames(at(0, FlowFrames.udp(1, 10, 2, 20, 8)), at(far, FlowFrames.udp(1, 11, 2, 20, 8)))
                    .idle(Duration.ofSeconds(5));
            assertEquals(2, value("active"));
            trial.frames(at(1, FlowFrames.udp(1, 10, 2, 20, 8)), at(2, FlowFrames.udp(1, 10, 2, 20, 8)))
                    .idle(Duration.ofSeconds(5));
            assertEquals(1, value("active"));
        }
        assertEquals(2, value("ended"));
        assertTrue(ask("frames", 1).contains("\"forward\":{\"frames\":6,"), ask("frames", 1));
    }

    @Test
    void shouldEndFlowsWhenTheClockWasPutBack() {
        start("idle", Duration.ofSeconds(10))
                .frames(
                        at(3_600, FlowFrames.udp(1, 10, 2, 20, 8)),
                        at(0, FlowFrames.udp(1, 11, 2, 20, 8)),
                        at(0, FlowFrames.udp(1, 11, 2, 20, 8)))
                .idle(Duration.ofSeconds(5));
        assertEquals(1, value("active"));
        assertEquals(1, value("ended"));
    }

    @Test
    void shouldEvictLongIdleFlowsWhenItsMemoryIsFullAndKeepTheBusyOne() {
        int most = (1 << 20) / FlowTable.ENTRY_BYTES * 3 / 4;
        int flows = 3 * most;
        start("memory", 1L << 20);
        for (int i = 0; i < flows; i++) {
            Frame fresh = at(i / 1_000.0, FlowFrames.udp(1, i % 50_000, 3 + i / 50_000, 20, 8));
            trial.frames(fresh, at(i / 1_000.0, FlowFrames.tcp(1, 10, 2, 80, ACK, 8)));
        }
        assertEquals(most, value("active"));
        assertEquals(flows + 1 - most, value("evicted"));
        assertEquals(0, value("ended"));
        assertTrue(ask("frames", 1).contains("\"forward\":{\"frames\":" + flows + ","));
        assertTrue(value("memory_bytes") <= 1 << 20);
    }

    @Test
    void shouldCountAFlowWhosePlaceIsNeededAsIdleIfItIs() {
        int most = (1 << 20) / FlowTable.ENTRY_BYTES * 3 / 4;
        start("memory", 1L << 20, "idle", Duration.ofSeconds(10));
        for (int i = 0; i < most; i++) {
            trial.frames(at(0, FlowFrames.udp(1, i, 2, 20, 8)));
        }
        trial.frames(at(11, FlowFrames.udp(1, most, 2, 20, 8)));
        assertEquals(1, value("ended"));
        assertEquals(0, value("evicted"));
    }

    @Test
    void shouldDivideItsMemoryAmongThreads() {
        TestContext fourth = new TestContext("test", "test", 3);
        try (HandlerTrial _ =
                HandlerTrial.start(TestSettings.of("memory", 64L << 20).make(FlowsHandler::new), fourth)) {
            long entries = (16L << 20) / FlowTable.ENTRY_BYTES;
            assertEquals(entries * FlowTable.ENTRY_BYTES, fourth.value("flows", "memory_bytes"));
        }
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> HandlerTrial.start(
                        TestSettings.of("memory", 2L << 20).make(FlowsHandler::new),
                        new TestContext("test", "test", 3)));
        assertTrue(refused.getMessage().contains("2097152 bytes are too few for 4 threads"), refused.getMessage());
    }

    @Test
    void shouldRefuseAnUnusableSizeAndAnUnusableFile() {
        assertEquals(
                List.of("memory: must be from 1048576 to 274877906944 bytes, not 1000"),
                problems(TestSettings.of("memory", 1_000L)));
        assertEquals(List.of("timeout: unknown key"), problems(TestSettings.of("timeout", Duration.ofSeconds(1))));
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> HandlerTrial.start(
                        TestSettings.of("file", folder.resolve("none/flows").toString())
                                .make(FlowsHandler::new)));
        assertTrue(refused.getMessage().contains("none/flows"), refused.getMessage());
    }

    private static List<String> problems(TestSettings settings) {
        new FlowsHandler(settings);
        return settings.problems();
    }
}
