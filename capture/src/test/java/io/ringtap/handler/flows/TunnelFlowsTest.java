package io.ringtap.handler.flows;

import static io.ringtap.handler.flows.FlowFrames.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Conversations that are carried within others, and that are tagged in one direction alone. */
class TunnelFlowsTest {
    private static final int OUTER_SOURCE = 0xc000_0201;
    private static final int OUTER_DESTINATION = 0xc000_0202;
    private static final int GRE = 47;
    private static final int IP_HEADER_BYTES = 20;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int ETHERNET_BYTES = 14;

    private final TestContext context = new TestContext().ofFile();

    private HandlerTrial start(Object... keys) {
        return HandlerTrial.start(TestSettings.of(keys).make(FlowsHandler::new), context);
    }

    private List<FlowRow> flows(String filter) {
        return FlowRow.readAll(context.ask("flows", Map.of("filter", filter)));
    }

    private static byte[] vxlan(int port, byte[] inner) {
        FrameBytes frame = FlowFrames.ethernet(1, 2).type(FrameBytes.IPV4);
        frame.ipv4(OUTER_SOURCE, OUTER_DESTINATION, FrameBytes.UDP, 0, 0, 2 * UDP_HEADER_BYTES + inner.length);
        frame.ports(port, 4_789)
                .u16(2 * UDP_HEADER_BYTES + inner.length)
                .u16(0)
                .u32(0x0800_0000)
                .u32(5 << 8);
        return append(frame, inner, 0);
    }

    private static byte[] gre(byte[] inner) {
        FrameBytes frame = FlowFrames.ethernet(1, 2).type(FrameBytes.IPV4);
        frame.ipv4(OUTER_SOURCE, OUTER_DESTINATION, GRE, 0, 0, 4 + inner.length - ETHERNET_BYTES);
        return append(frame.u16(0).u16(FrameBytes.IPV4), inner, ETHERNET_BYTES);
    }

    private static byte[] append(FrameBytes frame, byte[] inner, int from) {
        for (int i = from; i < inner.length; i++) {
            frame.u8(inner[i]);
        }
        return frame.bytes();
    }

    /** 100 conversations, bare, in VXLAN and in GRE. */
    private static void conversations(HandlerTrial trial) {
        for (int port = 1_000; port < 1_100; port++) {
            byte[] there = FlowFrames.tcp(1, port, 2, 80, FlowFrames.ACK, 30);
            byte[] back = FlowFrames.tcp(2, 80, 1, port, FlowFrames.ACK, 10);
            trial.frames(
                    at(0, vxlan(50_000 + port, there)), at(1, gre(back)), at(2, there), at(3, vxlan(50_000, back)));
        }
    }

    @Test
    void shouldKeepFlowsByTheInnermostConversation() {
        try (HandlerTrial trial = start()) {
            conversations(trial);
            assertEquals(100, context.value("flows", "active"));
            FlowRow flow = flows("port 1042").getFirst();
            assertEquals("10.0.0.1:1042", flow.sourceEnd());
            assertEquals("10.0.0.2:80", flow.destinationEnd());
            assertEquals(2, flow.forward().frames());
            assertEquals(
                    84 + IP_HEADER_BYTES + 2 * UDP_HEADER_BYTES + ETHERNET_BYTES + 84,
                    flow.forward().bytes());
            assertEquals(2, flow.reverse().frames());
        }
    }

    @Test
    void shouldTellTheTunnelOfTheFirstFrameAndFindFlowsByIt() {
        try (HandlerTrial trial = start()) {
            conversations(trial);
            trial.frames(at(0, gre(FlowFrames.udp(7, 7, 8, 8, 0))), at(0, FlowFrames.udp(9, 9, 8, 8, 0)));
            String answer = context.ask("flows", Map.of("filter", "port 1042"));
            assertTrue(
                    answer.contains(
                            "\"tunnel\":{\"kind\":\"vxlan\",\"id\":5,\"source\":\"192.0.2.1\",\"destination\":\"192.0.2.2\"}"),
                    answer);
            assertTrue(answer.contains("\"ip_bytes\":140"), answer);
            answer = context.ask("flows", Map.of("filter", "port 7"));
            assertTrue(
                    answer.contains(
                            "\"tunnel\":{\"kind\":\"gre\",\"source\":\"192.0.2.1\",\"destination\":\"192.0.2.2\"}"),
                    answer);
            assertEquals(20, flows("tunnel").size());
            assertEquals(20, flows("tunnel vxlan 5 and tcp").size());
            assertEquals(0, flows("tunnel vxlan 6").size());
            assertEquals(1, flows("tunnel gre").size());
            assertEquals(1, flows("not tunnel").size());
            assertEquals(20, flows("tunnel host 192.0.2.1").size());
            assertEquals(20, flows("tunnel net 192.0.2.0/24").size());
            assertEquals(0, flows("host 192.0.2.1").size());
        }
    }

    @Test
    void shouldKeepFlowsByTheOutermostConversationIfToldSo() {
        try (HandlerTrial trial = start("tunnels", "outer")) {
            conversations(trial);
            // 100 bare, one of GRE, one of VXLAN for each port, one more for all answers.
            assertEquals(100 + 1 + 100 + 1, context.value("flows", "active"));
            assertEquals(0, flows("tunnel").size());
        }
    }

    private static void halfTagged(HandlerTrial trial) {
        trial.frames(
                at(0, FlowFrames.tcp(1, 4_000, 2, 80, FlowFrames.SYN, 0)),
                at(1, FlowFrames.tcp(2, 80, 1, 4_000, FlowFrames.SYN | FlowFrames.ACK, 0, 10)),
                at(2, FlowFrames.tcp(1, 4_000, 2, 80, FlowFrames.ACK, 0)));
    }

    @Test
    void shouldKeepDirectionsThatAreTaggedDifferentlyInTwoFlowsUnlessToldToIgnoreIt() {
        try (HandlerTrial trial = start()) {
            halfTagged(trial);
            assertEquals(2, context.value("flows", "active"));
        }
    }

    @Test
    void shouldKeepDirectionsThatAreTaggedDifferentlyInOneFlowIfVlansAreIgnored() {
        try (HandlerTrial trial = start("vlan", "ignore")) {
            halfTagged(trial);
            trial.frames(at(3, FlowFrames.udp(1, 1, 2, 2, 0, 30)));
            assertEquals(2, context.value("flows", "active"));
            FlowRow flow = flows("tcp").getFirst();
            assertEquals(2, flow.forward().frames());
            assertEquals(1, flow.reverse().frames());
            assertEquals(1, flows("vlan 30").size()); // of its first frame
        }
    }
}
