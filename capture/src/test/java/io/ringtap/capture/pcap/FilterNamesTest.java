package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capture.FilterPlace;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No expression makes libpcap ask a resolver. */
class FilterNamesTest {
    private static Optional<String> problem(String expression) {
        return PcapFilter.problem(expression, FilterPlace.KERNEL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host www.example.invalid",
                "src www.example.invalid",
                "dst host www.example.invalid",
                "src or dst www.example.invalid",
                "src or dst host www.example.invalid",
                "ip host www.example.invalid",
                "tcp src www.example.invalid and port 80",
                "arp host www.example.invalid",
                "ip6 dst www.example.invalid",
                "port 80 and host www.example.invalid",
                "host 10.0.0.1 or www.example.invalid",
                "host (10.0.0.1 or www.example.invalid)",
                "host 10.0.0.1 and (port 80) and www.example.invalid",
                "not host www.example.invalid",
                "!(host www.example.invalid)",
                "host 10.0.0.1 && ! www.example.invalid",
                "port 80 and \thost\nwww.example.invalid",
                "host \\www.example.invalid",
                "ether src 02:00:00:00:00:01 and dst www.example.invalid",
                "ether host 02:00:00:00:00:01 and src www.example.invalid"
            })
    void shouldRefuseAHostNameAndSayWhatToWrite(String expression) {
        assertEquals(
                Optional.of("host name \"www.example.invalid\" is not looked up; write the address"),
                problem(expression));
    }

    @ParameterizedTest
    @CsvSource({
        "host 1.2.3.4.5, 1.2.3.4.5",
        "host face:b:c, face",
        "src www-1, www-1",
        "host a or b, a",
        "host localhost, localhost",
        "ether src or dst 02:00:00:00:00:01 and src or dst web, web",
        "host 10.0.0.1 and tcp src web, web"
    })
    void shouldRefuseWhatLibpcapTakesForAName(String expression, String name) {
        assertEquals(
                Optional.of("host name \"" + name + "\" is not looked up; write the address"), problem(expression));
    }

    @Test
    void shouldRefuseTheNameOfANetworkOrAGateway() {
        assertEquals(
                Optional.of("network name \"loopback\" is not looked up; write the address"),
                problem("src net loopback"));
        assertEquals(
                Optional.of("host name \"gw\" is not looked up; write \"ether host\" with the gateway's MAC address,"
                        + " \"and not host\" with its IP address"),
                problem("gateway gw"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host 10.0.0.1",
                "src 10.0.0.1 or 10.0.0.2",
                "host (10.0.0.1 or 10.0.0.2) and not port 22",
                "dst net 10.0.0.0/8",
                "net 10 or net 192.168",
                "net 10.0.0.0 mask 255.0.0.0 and tcp",
                "host ::1",
                "host 2001:db8::1 and udp",
                "src host 2001:db8:0:1:2:3:4:5",
                "host ::ffff:10.0.0.1 or arp",
                "net 2001:db8::/32 or 10.0.0.0/8",
                "ether host 02:00:00:00:00:01",
                "ether src 02-00-00-00-00-01",
                "ether dst 0200.0000.0001",
                "ether host 020000000001 and host 10.0.0.1",
                "ether src or dst 02:00:00:00:00:01",
                "port domain",
                "tcp port http or https",
                "udp src port ntp and host 10.0.0.1",
                "portrange 1-1024 and host 10.0.0.1",
                "ip proto gre or proto \\tcp",
                "ether proto \\arp",
                "ip6 protochain \\tcp",
                "host 10.0.0.1 and tcp[tcpflags] & tcp-syn != 0",
                "host 10.0.0.1 and (arp or icmp6 or ip6 multicast or ether broadcast)",
                "host 10.0.0.1 and vlan 10 and less 100",
                "host 10.0.0.1 and len > 100 and ip[8] = 64",
                "host 10.0.0.1 and icmp[icmptype] = icmp-echo",
                "host 10.0.0.1 and not stp and not llc",
                "inbound and host 10.0.0.1",
                "dst host 10.0.0.1 or mpls 5"
            })
    void shouldTakeAddressesAndNamesThatStandInFiles(String expression) {
        assertEquals(Optional.empty(), problem(expression));
    }

    /** Of ethers(5), which libpcap reads itself. */
    @Test
    void shouldLeaveTheNameOfAStationToLibpcap() {
        assertEquals(Optional.of("unknown ether host 'no-such-station'"), problem("ether host no-such-station"));
    }

    @Test
    void shouldRefuseBeforeAHandlerWhatTheKernelAloneKnows() {
        assertEquals(Optional.empty(), PcapFilter.problem("inbound", FilterPlace.KERNEL));
        for (String expression : new String[] {"inbound", "udp and not outbound"}) {
            assertEquals(
                    Optional.of(
                            "the way and the interface of a frame (inbound, outbound, ifindex) are known to the kernel"
                                    + " alone; ask for them in the filter of a capture on an interface, or by its direction"),
                    PcapFilter.problem(expression, FilterPlace.PROCESS));
        }
    }
}
