package io.ringtap.frame;

import static io.ringtap.capturefile.FrameBytes.IPV4;
import static io.ringtap.capturefile.FrameBytes.IPV6;
import static io.ringtap.capturefile.FrameBytes.TCP;
import static io.ringtap.capturefile.FrameBytes.UDP;
import static io.ringtap.capturefile.Layers.ETHERNET_IN_GRE;
import static io.ringtap.capturefile.Layers.ethernet;
import static io.ringtap.capturefile.Layers.gre;
import static io.ringtap.capturefile.Layers.gtp;
import static io.ringtap.capturefile.Layers.header;
import static io.ringtap.capturefile.Layers.ipv4;
import static io.ringtap.capturefile.Layers.ipv6;
import static io.ringtap.capturefile.Layers.payload;
import static io.ringtap.capturefile.Layers.tcp;
import static io.ringtap.capturefile.Layers.udp;
import static io.ringtap.capturefile.Layers.vxlan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Headers.Fault;
import io.ringtap.frame.Headers.Network;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tshark cannot be asked, or has no field for; the rest is {@link HeadersTsharkTest}'s. */
class HeadersTest {
    private static final int GRE = 47;
    private static final byte[] SEGMENT = tcp(4_000, 443, 0x12, payload(30));
    private static final byte[] PACKET = ipv4(0x0a00_0001, 0x0a00_0002, TCP, SEGMENT);
    private static final byte[] FRAME = ethernet(0xbb, 0xaa, IPV4, PACKET);

    private static Headers headers(byte[] frame) {
        return new GuardedFrame(frame).headers();
    }

    private static byte[] outer(int protocol, byte[] inside) {
        return ethernet(2, 1, IPV4, ipv4(0xc000_0201, 0xc000_0202, protocol, inside));
    }

    private static Headers inside(byte[] frame, Tunnel tunnel, long id) {
        Headers outer = headers(frame);
        Headers inner = outer.inner();
        assertNotNull(inner);
        assertSame(outer, inner.outer());
        assertEquals(1, inner.level());
        assertEquals(tunnel, inner.tunnel());
        assertEquals(id, inner.tunnelId());
        assertEquals("10.0.0.1", inner.source());
        assertEquals("10.0.0.2", inner.destination());
        assertEquals(4_000, inner.sourcePort());
        assertEquals(30, inner.payloadLength());
        assertEquals(Fault.NONE, outer.fault());
        assertEquals(FlowHash.of(headers(FRAME)), FlowHash.of(inner));
        return inner;
    }

    @Test
    void shouldTellAllOfAPlainFrame() {
        Headers headers = headers(FRAME);
        assertEquals(0xaa, headers.sourceMac());
        assertEquals(0xbb, headers.destinationMac());
        assertEquals(0, headers.linkOffset());
        assertEquals(IPV4, headers.etherType());
        assertEquals(Network.IPV4, headers.network());
        assertEquals(14, headers.networkOffset());
        assertEquals(0x0a00_0001, headers.sourceLow());
        assertEquals(0, headers.sourceHigh());
        assertEquals(0x0a00_0002, headers.destinationLow());
        assertEquals(TCP, headers.protocol());
        assertEquals(34, headers.transportOffset());
        assertEquals(58, headers.payloadOffset());
        assertEquals(30, headers.originalPayloadLength());
        assertEquals(0x12, headers.tcpFlags());
        assertFalse(headers.isFragment());
        assertNull(headers.inner());
        assertNull(headers.outer());
        assertNull(headers.tunnel());
        assertSame(headers, headers.innermost());
        assertEquals(-1, headers.tunnelId());
        assertEquals(-1, headers.icmpType());
        assertEquals(-1, headers.faultOffset());
    }

    @Test
    void shouldLookBehindAVnTagAndIntoFabricPath() {
        byte[] tagged = ethernet(0xbb, 0xaa, 0x8926, header("00000000 8100 0064 0800", PACKET));
        assertEquals("10.0.0.1", headers(tagged).source());
        assertEquals(1, headers(tagged).vlanTags());
        assertEquals(100, headers(tagged).vlan(0));
        byte[] fabricPath = ethernet(0x0200_0000_0001L, 0x0200_0000_0002L, 0x8903, header("0560", FRAME)); // tag 21
        inside(fabricPath, Tunnel.FABRICPATH, 21);
    }

    @Test
    void shouldTellTheKindsOfGre() {
        inside(outer(GRE, gre(ETHERNET_IN_GRE, 0x1000_00ffL, -1, FRAME)), Tunnel.NVGRE, 0x10_0000);
        inside(outer(GRE, gre(ETHERNET_IN_GRE, 0x000f_ffffL, -1, FRAME)), Tunnel.GRE, 0x000f_ffff); // a reserved subnet
        inside(outer(GRE, gre(ETHERNET_IN_GRE, -1, -1, FRAME)), Tunnel.GRE, -1);
        inside(outer(GRE, gre(IPV4, 0xffff_ffffL, 5, PACKET)), Tunnel.GRE, 0xffff_ffffL);
        inside(outer(GRE, header("8000 0800 1234 0000", PACKET)), Tunnel.GRE, -1); // with a checksum
        inside(outer(GRE, gre(0x88be, -1, -1, FRAME)), Tunnel.ERSPAN_I, -1);
        Headers second =
                inside(outer(GRE, gre(0x88be, -1, 7, header("1005 03ff 0000 0000", FRAME))), Tunnel.ERSPAN_II, 0x3ff);
        assertEquals(7, second.tunnelSequence());
        String third = "2005 0001 0000 0001 0000 ";
        inside(outer(GRE, gre(0x22eb, -1, 7, header(third + "0000", FRAME))), Tunnel.ERSPAN_III, 1);
        inside(outer(GRE, gre(0x22eb, -1, 7, header(third + "0001 0011223344556677", FRAME))), Tunnel.ERSPAN_III, 1);
        inside(outer(GRE, gre(0x22eb, -1, 7, header(third + "0800", PACKET))), Tunnel.ERSPAN_III, 1); // a packet
        assertNull(headers(outer(GRE, header("0001 0800", PACKET))).inner(), "version 1");
        assertNull(headers(outer(GRE, header("4000 0800 0000 0000", PACKET))).inner(), "routing");
        assertNull(
                headers(outer(GRE, gre(0x88be, -1, 7, header("2005 03ff 0000 0000", FRAME))))
                        .inner(),
                "no type II");
    }

    @Test
    void shouldLookIntoTeredoBehindWhatMayComeBeforeIt() {
        byte[] packet = ipv6(1, 2, TCP, SEGMENT);
        for (String before : List.of(
                "",
                "0000 1234 01020304 ",
                "0001 0201 aabb cc 0102030405060708 00 ",
                "0001 0000 0102030405060708 00 0000 1234 01020304")) {
            Headers inner = headers(outer(UDP, udp(50_000, 3_544, header(before, packet))))
                    .inner();
            assertNotNull(inner, before);
            assertEquals(Tunnel.TEREDO, inner.tunnel());
            assertEquals("fd00::1", inner.source());
        }
        assertNull(headers(outer(UDP, udp(50_000, 3_544, header("0002", packet))))
                .inner());
    }

    @Test
    void shouldLookIntoGtpBehindItsExtensionHeaders() {
        byte[] two = header("34ff 0000 00000009 0000 00 85 01000085 02000102030405 00", PACKET);
        inside(outer(UDP, udp(2_152, 2_152, two)), Tunnel.GTP_U, 9);
        byte[] none = header("34ff 0000 00000009 0000 00 85 00000000", PACKET); // of no length: it would never end
        assertNull(headers(outer(UDP, udp(2_152, 2_152, none))).inner());
        byte[] control = gtp(9, -1, PACKET);
        control[1] = 1; // an echo request
        assertNull(headers(outer(UDP, udp(2_152, 2_152, control))).inner());
    }

    @Test
    void shouldTakeEitherPortForATunnelsAndOnlyThose() {
        inside(outer(UDP, udp(4_789, 50_000, vxlan(5, FRAME))), Tunnel.VXLAN, 5);
        inside(outer(UDP, udp(4_789, 6_081, vxlan(5, FRAME))), Tunnel.VXLAN, 5);
        assertNull(headers(outer(UDP, udp(50_000, 4_790, vxlan(5, FRAME)))).inner());
        assertNull(
                headers(outer(UDP, udp(50_000, 4_789, header("00000000 00000500", FRAME))))
                        .inner(),
                "no id");
        TunnelPorts ports = TunnelPorts.DEFAULT.with(Tunnel.VXLAN, List.of(4_790, 60_000));
        Headers headers = Headers.over(new GuardedFrame(outer(UDP, udp(50_000, 4_790, vxlan(5, FRAME)))), ports)
                .decode();
        assertNotNull(headers.inner());
        assertNull(Headers.over(new GuardedFrame(outer(UDP, udp(1, 4_789, vxlan(5, FRAME)))), ports)
                .decode()
                .inner());
        assertEquals(List.of(4_790, 60_000), ports.of(Tunnel.VXLAN));
        assertEquals(List.of(), new TunnelPorts(Map.of()).of(Tunnel.VXLAN));
        assertEquals(TunnelPorts.DEFAULT, ports.with(Tunnel.VXLAN, TunnelPorts.DEFAULT.of(Tunnel.VXLAN)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_536, 6_081, -1})
    void shouldRefuseAPortThatIsNoneOrAnothers(int port) {
        List<Integer> ports = List.of(port);
        assertThrows(IllegalArgumentException.class, () -> TunnelPorts.DEFAULT.with(Tunnel.VXLAN, ports));
        assertThrows(IllegalArgumentException.class, () -> TunnelPorts.DEFAULT.with(Tunnel.GRE, ports));
    }

    @Test
    void shouldGoSoManyLevelsAndNoMore() {
        byte[] packet = PACKET;
        for (int i = 0; i < 20; i++) {
            packet = ipv4(i, i + 1, 4, packet);
        }
        Headers innermost = headers(ethernet(1, 2, IPV4, packet)).innermost();
        assertEquals(Headers.MOST_LEVELS - 1, innermost.level());
        assertEquals(Tunnel.IP_IN_IP, innermost.tunnel());
    }

    /** Only the first holds what is inside: all stay with the outer addresses. */
    @ParameterizedTest
    @ValueSource(ints = {FrameBytes.MORE_FRAGMENTS, 185, FrameBytes.MORE_FRAGMENTS | 185})
    void shouldNotLookIntoAFragment(int fragment) {
        byte[] datagram = udp(50_000, 4_789, vxlan(5, FRAME));
        Headers headers = headers(ethernet(2, 1, IPV4, ipv4(1, 2, UDP, fragment, 0, datagram)));
        assertTrue(headers.isFragment());
        assertNull(headers.inner());
        assertFalse(headers.hasFlowPorts());
        assertEquals(fragment == FrameBytes.MORE_FRAGMENTS ? 50_000 : -1, headers.sourcePort());
        Headers other = headers(ethernet(2, 1, IPV4, ipv4(1, 2, UDP, FrameBytes.MORE_FRAGMENTS | 9, 0, payload(99))));
        assertEquals(FlowHash.of(other), FlowHash.of(headers));
    }

    @Test
    void shouldSayWhereTheSnaplenCutAndWhatCannotBe() {
        byte[] frame = outer(UDP, udp(50_000, 4_789, vxlan(5, FRAME)));
        assertFault(Fault.NONE, -1, frame, frame.length);
        assertFault(Fault.CUT, 14, FrameBytes.cut(frame, 33), frame.length); // IPv4's 20 bytes begin at 14
        assertFault(Fault.CUT, 34, FrameBytes.cut(frame, 37), frame.length); // UDP
        assertFault(Fault.CUT, 50, FrameBytes.cut(frame, 60), frame.length); // the Ethernet inside
        assertFault(Fault.CUT, 84, FrameBytes.cut(frame, 107), frame.length); // TCP's options inside
        assertFault(Fault.MALFORMED, 14, FrameBytes.cut(frame, 95), 95); // shorter than IP says
        assertFault(Fault.NONE, -1, FrameBytes.cut(frame, 108), frame.length);
    }

    private static void assertFault(Fault fault, int offset, byte[] captured, int original) {
        Headers headers = Frame.of(captured, original, 0, "test").headers();
        assertEquals(fault, headers.fault());
        assertEquals(offset, headers.faultOffset());
    }

    @Test
    void shouldSayWhatIsMalformed() {
        assertMalformed(14, 14, 0x65); // not version 4
        assertMalformed(14, 14, 0x44); // a header of 16 bytes
        assertMalformed(14, 16, 0x40); // longer than the frame
        assertMalformed(34, 46, 0x40); // a TCP header of 16 bytes
        assertMalformed(34, 46, 0xf0); // of 60
    }

    private static void assertMalformed(int headerAt, int at, int value) {
        byte[] frame = FRAME.clone();
        frame[at] = (byte) value;
        assertFault(Fault.MALFORMED, headerAt, frame, frame.length);
    }

    /** What is behind IP's own end is padding: no port is read from it. */
    @Test
    void shouldNotTakePaddingForAHeader() {
        byte[] packet = header("4500 0014 0000 0000 40 06 0000 00000001 00000002", SEGMENT);
        Headers headers = headers(ethernet(2, 1, IPV4, packet));
        assertEquals(-1, headers.sourcePort());
        assertEquals(Fault.MALFORMED, headers.fault());
        assertEquals(0, headers.payloadLength());
    }

    @Test
    void shouldTakeALengthOf0ForWhatACardWouldHaveCut() {
        byte[] frame = FRAME.clone();
        frame[16] = 0;
        frame[17] = 0;
        assertEquals(4_000, headers(frame).sourcePort());
        assertEquals(Fault.NONE, headers(frame).fault());
        byte[] six = ethernet(2, 1, IPV6, ipv6(1, 2, TCP, SEGMENT));
        six[18] = 0;
        six[19] = 0;
        assertEquals(30, headers(six).payloadLength());
    }
}
