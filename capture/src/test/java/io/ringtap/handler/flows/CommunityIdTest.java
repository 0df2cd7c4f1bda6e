package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of github.com/corelight/community-id-spec, folder baseline: protocol, addresses, ports, the ids of seeds 0 and 1. */
class CommunityIdTest {
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int TRANSPORT_BYTES = 40;

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            58, fe80::200:86ff:fe05:80da, fe80::260:97ff:fe07:69ea, 135, 136, dGHyGvjMfljg6Bppwm3bg0LO8TY=, kHa1FhMYIT6Ym2Vm2AOtoOARDzY=
            58, fe80::260:97ff:fe07:69ea, fe80::200:86ff:fe05:80da, 136, 135, dGHyGvjMfljg6Bppwm3bg0LO8TY=, kHa1FhMYIT6Ym2Vm2AOtoOARDzY=
            58, fe80::260:97ff:fe07:69ea, fe80::200:86ff:fe05:80da, 135, 136, zavyT/cezQr1fmImYCwYnMXbgck=, 2hSqmsDZ2kdcY9kbiUzOEBic0iM=
            58, fe80::200:86ff:fe05:80da, fe80::260:97ff:fe07:69ea, 136, 135, zavyT/cezQr1fmImYCwYnMXbgck=, 2hSqmsDZ2kdcY9kbiUzOEBic0iM=
            58, 3ffe:501:1800:2345::2, 3ffe:507:0:1:200:86ff:fe05:80da, 3, 0, 2ObVBgIn28oZvibYZhZMBgh7WdQ=, lVEtCZpYu84Xqaa++3lXFyuu2n4=
            58, 3ffe:501:410:0:2c0:dfff:fe47:33e, 3ffe:507:0:1:200:86ff:fe05:80da, 1, 4, hLZd0XGWojozrvxqE0dWB1iM6R0=, W8MHwXpWzpoSTD+cGcaJr4u0ys8=
            58, 3ffe:507:0:1:200:86ff:fe05:80da, 3ffe:501:0:1001::2, 128, 129, +TW+HtLHvV1xnGhV1lv7XoJrqQg=, GfZxjAkDk2MkegpBYHV6tadtFXQ=
            58, 3ffe:501:0:1001::2, 3ffe:507:0:1:200:86ff:fe05:80da, 129, 128, +TW+HtLHvV1xnGhV1lv7XoJrqQg=, GfZxjAkDk2MkegpBYHV6tadtFXQ=
            58, fe80::200:86ff:fe05:80da, ff02::2, 133, 134, hO+sN4H+MG5MY/8hIrXPqc4ZQz0=, L7Ka0ZMYu+J3bL4ulW2PrqyXNo8=
            58, fe80::260:97ff:fe07:69ea, ff02::1, 134, 133, pkvHqCL88/tg1k4cPigmZXUtL00=, K/ee5UCqAMAQXDorP5nSa2CGLjc=
            1, 192.168.0.89, 192.168.0.1, 8, 0, X0snYXpgwiv9TZtqg64sgzUn6Dk=, 03g6IloqVBdcZlPyX8r0hgoE7kA=
            1, 192.168.0.1, 192.168.0.89, 0, 8, X0snYXpgwiv9TZtqg64sgzUn6Dk=, 03g6IloqVBdcZlPyX8r0hgoE7kA=
            1, 10.0.0.1, 10.0.0.2, 11, 0, YHxtAirCG//0OzkcVAukqKQN9xM=, XjUibYHaafLQ3pxQeiMI8g25q20=
            6, 2001:470:e5bf:dead:4957:2174:e82c:4887, 2607:f8b0:400c:c03::1a, 63943, 25, /qFaeAR+gFe1KYjMzVDsMv+wgU4=, eJYTW6AOzFLlSUoESovMjnu7rMw=
            6, 2607:f8b0:400c:c03::1a, 2001:470:e5bf:dead:4957:2174:e82c:4887, 25, 63943, /qFaeAR+gFe1KYjMzVDsMv+wgU4=, eJYTW6AOzFLlSUoESovMjnu7rMw=
            132, 192.168.170.8, 192.168.170.56, 7, 7, MP2EtRCAUIZvTw6MxJHLV7N7JDs=, 5w3ZRjeKBzqT3zsaEECDGjUbYeg=
            132, 192.168.170.56, 192.168.170.8, 7, 7, MP2EtRCAUIZvTw6MxJHLV7N7JDs=, 5w3ZRjeKBzqT3zsaEECDGjUbYeg=
            6, 128.232.110.120, 66.35.250.204, 34855, 80, LQU9qZlK+B5F3KDmev6m5PMibrg=, 3V71V58M3Ksw/yuFALMcW0LAHvc=
            6, 66.35.250.204, 128.232.110.120, 80, 34855, LQU9qZlK+B5F3KDmev6m5PMibrg=, 3V71V58M3Ksw/yuFALMcW0LAHvc=
            17, 192.168.1.52, 8.8.8.8, 54585, 53, d/FP5EW3wiY1vCndhwleRRKHowQ=, Q9We8WO3piVF8yEQBNJF4uiSVrI=
            17, 8.8.8.8, 192.168.1.52, 53, 54585, d/FP5EW3wiY1vCndhwleRRKHowQ=, Q9We8WO3piVF8yEQBNJF4uiSVrI=
            46, 10.1.12.1, 10.1.12.2, -, -, KHlLkgoJW7ifUTyTSgyVfkFHzKw=, rYir8gphR31noO9iDRQmF/BteEI=
            46, 10.1.12.2, 10.1.12.1, -, -, KHlLkgoJW7ifUTyTSgyVfkFHzKw=, rYir8gphR31noO9iDRQmF/BteEI=
            """)
    void shouldBeTheSpecificationsOwn(
            int protocol,
            String source,
            String destination,
            Integer first,
            Integer second,
            String id,
            String idOfSeed1) {
        FlowKey key = new FlowKey(FlowKey.Level.INNER, FlowKey.Vlan.KEY);
        byte[] frame = frame(protocol, source, destination, first, second);
        assertTrue(key.read(Frame.of(frame, frame.length, 0, "test")));
        try (FlowTable table = new FlowTable(64 * FlowTable.ENTRY_BYTES)) {
            long slot = ~table.find(key);
            table.insert(slot, key);
            long[] entry = new long[FlowTable.ENTRY_LONGS];
            table.copy(slot, entry, 0);
            FlowEntry flow = new FlowEntry().at(entry, 0);
            assertEquals("1:" + id, new CommunityId(0).of(flow));
            assertEquals("1:" + idOfSeed1, new CommunityId(1).of(flow));
        }
    }

    private static byte[] frame(int protocol, String source, String destination, Integer first, Integer second) {
        FrameBytes frame = FlowFrames.ethernet(1, 2);
        ByteBuffer from = address(source);
        ByteBuffer to = address(destination);
        if (from.remaining() == Integer.BYTES) {
            frame.type(FrameBytes.IPV4).ipv4(from.getInt(), to.getInt(), protocol, 0, 0, TRANSPORT_BYTES);
        } else {
            frame.type(FrameBytes.IPV6)
                    .u32(6 << 28)
                    .u16(TRANSPORT_BYTES)
                    .u8(protocol)
                    .u8(64);
            frame.u64(from.getLong()).u64(from.getLong()).u64(to.getLong()).u64(to.getLong());
        }
        if (protocol == FlowEntry.ICMP || protocol == FlowEntry.ICMP_V6) {
            boolean answered = IcmpKind.hasAnswer(protocol, first);
            frame.u8(first).u8(answered ? 0 : second).u16(0); // the vectors have the answer's type for the code
        } else if (first != null) {
            frame.ports(first, second);
        }
        return frame.fill(IPV6_HEADER_BYTES).bytes();
    }

    private static ByteBuffer address(String text) {
        return ByteBuffer.wrap(InetAddress.ofLiteral(text).getAddress());
    }
}
