package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressTextTest {
    private static String ipv6(String address) throws UnknownHostException {
        ByteBuffer bytes = ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress());
        StringBuilder out = new StringBuilder();
        AddressText.ipv6(out, bytes.getLong(), bytes.getLong());
        return out.toString();
    }

    /** The examples of RFC 5952, section 4, and the ends. */
    @Test
    void shouldWriteIpv6AddressesAsRfc5952Says() throws UnknownHostException {
        for (String address : List.of(
                "::",
                "::1",
                "1::",
                "2001:db8::1",
                "2001:db8::2:1",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "2001:db8::1:0:0:1",
                "fe80::ff:fe00:1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6::",
                "::3:4:5:6:7:8",
                "0:2:3:4:5:6:7:0",
                "ff02::1:ff00:0")) {
            assertEquals(address, ipv6(address));
            assertEquals(address, AddressText.of(InetAddress.ofLiteral(address)));
        }
        assertEquals("192.0.2.1", AddressText.of(InetAddress.ofLiteral("192.0.2.1")));
    }

    @Test
    void shouldWriteIpv4AndMacAddresses() {
        StringBuilder out = new StringBuilder();
        AddressText.ipv4(out, 0xc0a8_ff01L);
        AddressText.mac(out.append(' '), 0x02_00_ab_cd_ef_ffL);
        assertEquals("192.168.255.1 02:00:ab:cd:ef:ff", out.toString());
    }
}
