package io.ringtap.handler.flows;

import static io.ringtap.handler.flows.FlowFrames.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowFilterTest {
    private final TestContext context = new TestContext().ofFile();
    private HandlerTrial trial;

    /** Eight flows, told by how many frames they have: the n-th has n. */
    @BeforeEach
    void start() {
        trial = HandlerTrial.start(TestSettings.of().make(FlowsHandler::new), context);
        List<byte[]> flows = List.of(
                FlowFrames.udp(1, 5_000, 2, 53, 10),
                FlowFrames.udp(2, 53, 3, 6_000, 10, 100),
                FlowFrames.tcp(1, 7_000, 0x0100_0001, 443, FlowFrames.ACK, 0, 100, 7),
                FlowFrames.tcp6(1, 8_000, 2, 443, FlowFrames.ACK, 0),
                FlowFrames.icmp(1, 2, 8),
                FlowFrames.arp(1, 2),
                FlowFrames.fragment(1, 2, 0, true, 100),
                FlowFrames.udp(0x0100_0005, 9_000, 0x0100_0006, 9_001, 10, 200));
        for (int flow = 0; flow < flows.size(); flow++) {
            for (int i = 0; i <= flow; i++) {
                trial.frames(at(i, flows.get(flow)));
            }
        }
    }

    @AfterEach
    void stop() {
        trial.stop();
    }

    private String passing(String filter) {
        String answer = context.ask("flows", Map.of("filter", filter));
        TreeSet<String> numbers = new TreeSet<>();
        FlowRow.readAll(answer).forEach(row -> numbers.add(Long.toString(row.frames())));
        return String.join(" ", numbers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            '';                                                  1 2 3 4 5 6 7 8
            host 10.0.0.1;                                       1 3 5 7
            src host 10.0.0.2;                                   2
            dst host 10.0.0.2;                                   1 5 7
            net 10.0.0.0/8;                                      1 2 3 5 7
            net 10.0.0.0/30;                                     1 2 3 5 7
            net 11.0.0.0/24;                                     3 8
            src net 11.0.0.0/24;                                 8
            net 0.0.0.0/0;                                       1 2 3 5 7 8
            net fd00::/16;                                       4
            net fd00::/127;                                      4
            host fd00::2;                                        4
            net ::/0;                                            4
            port 53;                                             1 2
            src port 53;                                         2
            portrange 9000-9001;                                 8
            tcp;                                                 3 4
            tcp port 443 and ip6;                                4
            ip;                                                  1 2 3 5 7 8
            icmp;                                                5
            proto 17;                                            1 2 7 8
            vlan;                                                2 3 8
            vlan 100;                                            2 3
            vlan 7;                                              3
            not ip;                                              4 6
            not (ip or ip6);                                     6
            port 53 || port 443 && tcp;                          1 2 3 4
            (port 53 or port 443) and ! vlan;                    1 4
            udp dst port 53;                                     1
            """)
    void shouldPassWhatItSays(String filter, String flows) {
        assertEquals(flows, passing(filter));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            host;                 ends where an address should be
            host example;         example is no address
            host 10.0.0.0/8;      10.0.0.0/8 is a network: net 10.0.0.0/8
            net 10.0.0.0/33;      33 is no number from 0 to 32
            port 65536;           65536 is no number from 0 to 65535
            port http;            http is no number from 0 to 65535
            vlan 4096;            4096 is no number from 0 to 4095
            portrange 80;         portrange wants two ports, such as 8000-8080
            tcp udp;              what is udp after a whole expression?
            (tcp;                 a bracket is not closed
            not;                  ends where an expression should be
            src tcp;              what is tcp? host, net, port or portrange go there
            frames > 10;          what is frames? It knows host, net, port, portrange, src, dst, vlan, tunnel, ip, ip6, proto, and protocols such as tcp
            """)
    void shouldSayWhatIsWrong(String filter, String problem) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> passing(filter));
        assertEquals("filter \"" + filter + "\": " + problem, refused.getMessage());
    }

    @Test
    void shouldRefuseWhatGoesDeeperThanAStack() {
        String deep = "(".repeat(100_000);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> FlowFilter.parse(deep));
        assertEquals("filter \"" + deep + "\": has more than 100 brackets and words", refused.getMessage());
    }

    /** Time slots have 2^32 ns. 16 frames of 52 bytes in the first, 4 in the next, of another flow 12. */
    @Test
    void shouldTellRatesOfTheLastSecondsAndSortByThem() {
        TestContext rates = new TestContext().ofFile();
        double slot = (1L << 32) / 1e9;
        long start = ((FlowFrames.START >> 32) + 1) << 32;
        double begin = (start - FlowFrames.START) / 1e9;
        try (HandlerTrial handler = HandlerTrial.start(TestSettings.of().make(FlowsHandler::new), rates)) {
            send(handler, 16, begin, FlowFrames.udp(1, 1, 2, 2, 10));
            assertEquals("1:4:1550", rates(rates, "bps"));
            send(handler, 4, begin + slot, FlowFrames.udp(1, 1, 2, 2, 10));
            send(handler, 12, begin + slot, FlowFrames.udp(3, 3, 4, 4, 1_000));
            assertEquals("3:3:23291,1:5:1937", rates(rates, "bps"));
            assertEquals("1:5:1937,3:3:23291", rates(rates, "pps"));
            send(handler, 1, begin + 2 * slot, FlowFrames.udp(5, 5, 6, 6, 10));
            assertEquals("3:3:23291,1:1:387,5:0:97", rates(rates, "bps"));
            send(handler, 1, begin + 3 * slot, FlowFrames.udp(5, 5, 6, 6, 10));
            assertEquals("5:0:194,1:0:0,3:0:0", rates(rates, "bps"));
        }
    }

    private static void send(HandlerTrial handler, int frames, double second, byte[] frame) {
        for (int i = 0; i < frames; i++) {
            handler.frames(at(second, frame));
        }
    }

    private static String rates(TestContext context, String by) {
        return String.join(
                ",",
                Arrays.stream(context.ask("flows", Map.of("by", by)).split("\\{\"worker\"", -1))
                        .skip(1)
                        .map(flow -> flow.replaceAll(
                                ".*\"source_port\":(\\d+),.*\"pps\":(\\d+),\"bps\":(\\d+)}}.*", "$1:$2:$3"))
                        .toList());
    }
}
