package io.ringtap.daemon.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringtap.handler.record.index.IndexKey;
import io.ringtap.handler.record.index.IndexQuery;
import io.ringtap.handler.record.index.IndexQuery.Any;
import io.ringtap.handler.record.index.IndexQuery.Both;
import io.ringtap.handler.record.index.IndexQuery.Either;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That nothing is left out which must not be, {@link FindOracleTest} shows; this, that much is. */
class NarrowingTest {
    private static final IndexQuery HOST = new IndexQuery.Key(IndexKey.host4(0xc000_0207));
    private static final IndexQuery TCP = new IndexQuery.Key(IndexKey.protocol(6));

    private static IndexQuery port(int port) {
        return new IndexQuery.Key(IndexKey.port(port));
    }

    @Test
    void shouldNarrowByAddressesAndPorts() {
        assertEquals(HOST, Narrowing.of("host 192.0.2.7"));
        assertEquals(HOST, Narrowing.of("src 192.0.2.7"));
        assertEquals(HOST, Narrowing.of("src or dst host 192.0.2.7"));
        assertEquals(new Both(HOST, new Both(TCP, port(443))), Narrowing.of("host 192.0.2.7 and tcp port 443"));
        assertEquals(new Either(List.of(port(80), port(443))), Narrowing.of("port 80 or 443"));
        assertEquals(new Either(List.of(port(80), port(443))), Narrowing.of("port (80 or 443)"));
        assertEquals(new Either(List.of(port(8), port(9))), Narrowing.of("portrange 8-9"));
        assertEquals(new IndexQuery.Key(IndexKey.net4(0xc000_0200, 24)), Narrowing.of("net 192.0.2.0/24"));
        assertEquals(new IndexQuery.Key(IndexKey.net4(0xc000_0200, 16)), Narrowing.of("dst net 192.0.0.0/20"));
        assertEquals(new IndexQuery.Key(IndexKey.net4(0xc000_0000, 16)), Narrowing.of("net 192.0"));
        assertEquals(new IndexQuery.Key(IndexKey.net6(0x2001_0db8_0000_0000L, 32)), Narrowing.of("net 2001:db8::/40"));
        assertEquals(new IndexQuery.Key(IndexKey.host6(0x2001_0db8_0000_0000L, 1)), Narrowing.of("host 2001:db8::1"));
        assertEquals(new IndexQuery.Key(IndexKey.station(0x0200_0000_0a0bL)), Narrowing.of("ether host 2:0:0:0:a:b"));
    }

    @Test
    void shouldNarrowBehindTagsThatMustBeThere() {
        IndexQuery tag = new IndexQuery.Key(IndexKey.vlan(7));
        assertEquals(new Both(tag, HOST), Narrowing.of("vlan 7 and host 192.0.2.7"));
        assertEquals(new Both(HOST, tag), Narrowing.of("host 192.0.2.7 and vlan 7"));
        assertEquals(new Any(), Narrowing.of("vlan 7 or host 192.0.2.7"));
        Both behindBrackets = (Both) Narrowing.of("(host 192.0.2.7 and vlan 7) and host 192.0.2.7");
        assertEquals(new Both(HOST, tag), behindBrackets.first());
        assertEquals(HOST, behindBrackets.second());
        assertEquals(new Any(), Narrowing.of("(vlan 7 or host 192.0.2.7) and port 9"));
    }

    @Test
    void shouldBindFromLeftToRight() {
        assertEquals(
                new Both(new Either(List.of(HOST, TCP)), port(9)), Narrowing.of("host 192.0.2.7 or tcp and port 9"));
        assertEquals(
                new Either(List.of(HOST, new Both(TCP, port(9)))), Narrowing.of("host 192.0.2.7 or (tcp and port 9)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not host 192.0.2.7",
                "len > 100",
                "tcp[13] & 2 != 0",
                "(ip[6:2] & 0x1fff) != 0 or tcp",
                "host 192.0.2.7 or len > 100",
                "portrange 1-60000",
                "net 10.0.0.0/7",
                "port http",
                "ether multicast",
                "vlan and geneve and host 192.0.2.7"
            })
    void shouldLeaveOutNothingOfWhatItDoesNotKnow(String expression) {
        assertEquals(new Any(), Narrowing.of(expression));
    }

    @Test
    void shouldNarrowByTheRest() {
        assertEquals(HOST, Narrowing.of("host 192.0.2.7 and not port 22 and len > 100"));
        assertNotEquals(new Any(), Narrowing.of("arp or ip6 or icmp"));
    }
}
