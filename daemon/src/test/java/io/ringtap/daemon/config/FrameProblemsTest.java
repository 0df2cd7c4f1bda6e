package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ringtap.daemon.config.toml.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pcap4j.util.MacAddress;

/** What is wrong with a frame is said at its place. */
class FrameProblemsTest {
    private static final String STREAM = "[[inject]]\ninterface = \"eth0\"\nevery = \"1 s\"\n[inject.frame]\n";
    private static final String ETHERNET = STREAM + "destination = \"02:00:5e:00:53:02\"\n";
    private static final String IPV4 =
            ETHERNET + "[inject.frame.ipv4]\nsource = \"192.0.2.1\"\ndestination = \"192.0.2.2\"\n";
    private static final String UDP = IPV4 + "[inject.frame.udp]\nsource-port = 1\ndestination-port = 2\n";

    @ParameterizedTest
    @MethodSource({"fields", "layers", "contents", "lengths", "variations", "marks"})
    void shouldSayWhatIsWrongAndWhere(String toml, String problem) {
        assertEquals(List.of(problem), ConfigText.problems(toml));
    }

    static Stream<Arguments> fields() {
        return Stream.of(
                arguments(IPV4 + "ttl = 256", "f:9:1: inject.frame.ipv4.ttl: must be from 0 to 255, not 256"),
                arguments(IPV4 + "ttl = -1", "f:9:1: inject.frame.ipv4.ttl: must be from 0 to 255, not -1"),
                arguments(IPV4 + "ttl = \"64\"", "f:9:1: inject.frame.ipv4.ttl: must be a whole number, not \"64\""),
                arguments(IPV4 + "tll = 1", "f:9:1: inject.frame.ipv4.tll: unknown key (did you mean ttl?)"),
                arguments(
                        IPV4 + "dont-fragment = 1",
                        "f:9:1: inject.frame.ipv4.dont-fragment: must be true or false, not the number 1"),
                arguments(
                        IPV4.replace("192.0.2.1", "192.0.2.256"),
                        "f:7:1: inject.frame.ipv4.source: must be an IPv4 address such as \"192.0.2.1\","
                                + " not \"192.0.2.256\""),
                arguments(
                        IPV4.replace("192.0.2.1", "localhost"),
                        "f:7:1: inject.frame.ipv4.source: must be an IPv4 address such as \"192.0.2.1\","
                                + " not \"localhost\""),
                arguments(
                        IPV4.replace("192.0.2.1", "\\u202e1"),
                        "f:7:1: inject.frame.ipv4.source: must be an IPv4 address such as \"192.0.2.1\","
                                + " not \"\\u202e1\""),
                arguments(
                        ETHERNET + "[inject.frame.ipv6]\nsource = \"::1%lo\"\ndestination = \"::2\"",
                        "f:7:1: inject.frame.ipv6.source: must be an IPv6 address such as \"2001:db8::1\","
                                + " not \"::1%lo\""),
                arguments(
                        ETHERNET + "[inject.frame.ipv4]\nsource = \"192.0.2.1\"",
                        "f:6:1: inject.frame.ipv4.destination: needs a value"),
                arguments(
                        IPV4 + "[inject.frame.tcp]\nsource-port = 1\ndestination-port = 2\nflags = [\"syn\", \"ak\"]",
                        "f:12:1: inject.frame.tcp.flags: must be a list such as [\"syn\", \"ack\"] of fin, syn, rst,"
                                + " psh, ack, urg, ece, cwr, or a number, not \"ak\""),
                arguments(
                        IPV4 + "[inject.frame.icmp]\ntype = \"ping\"",
                        "f:10:1: inject.frame.icmp.type: must be \"echo-request\", \"echo-reply\" or a number,"
                                + " not \"ping\""),
                arguments(
                        ETHERNET + "[[inject.frame.vlan]]\nid = 4096",
                        "f:7:1: inject.frame.vlan.id: must be from 0 to 4095, not 4096"),
                arguments(
                        ETHERNET + "[[inject.frame.vlan]]\nid = 1\n[[inject.frame.vlan]]\npriority = 1",
                        "f:8:1: inject.frame.vlan.id: needs a value"));
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                arguments(
                        ETHERNET + "[inject.frame.udp]\nsource-port = 1\ndestination-port = 2",
                        "f:6:1: inject.frame.udp: needs a table ipv4 or ipv6 below it"),
                arguments(IPV4 + "[inject.frame.icmpv6]", "f:9:1: inject.frame.icmpv6: needs a table ipv6 below it"),
                arguments(
                        UDP + "[inject.frame.icmp]",
                        "f:12:1: inject.frame.icmp: does not go with udp: a frame has one of them"),
                arguments(
                        IPV4 + "[inject.frame.arp]\nsender-ip = \"192.0.2.1\"\ntarget-ip = \"192.0.2.1\"",
                        "f:6:1: inject.frame.ipv4: does not go with arp: a frame has one of them"),
                arguments(
                        ETHERNET + "[[inject.frame.vlan]]\nid = 1\n".repeat(3),
                        "f:6:1: inject.frame.vlan: must be at most 2 tags, not 3"),
                arguments(
                        ETHERNET + "[inject.frame.vlan]\nid = 1",
                        "f:6:1: inject.frame.vlan: must be written [[inject.frame.vlan]], in double brackets"),
                arguments(
                        ETHERNET + "udp = 1",
                        "f:6:1: inject.frame.udp: must be a table, [inject.frame.udp], not the number 1"),
                arguments(ETHERNET + "[inject.frame.ip]", "f:6:1: inject.frame.ip: unknown table"),
                arguments(
                        UDP.replace("ipv4]\n", "ipv4]\nfragment-offset = 1\n"),
                        "f:7:1: inject.frame.ipv4.fragment-offset: is that of a later fragment, which has no udp header:"
                                + " give its bytes as payload"));
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                arguments(
                        ETHERNET + "payload = \"01\"\npayload-text = \"a\"",
                        "f:7:1: inject.frame.payload-text: a frame has one of payload and payload-text, not more"),
                arguments(
                        ETHERNET + "payload-file = \"/no/such/file\"",
                        "f:6:1: inject.frame.payload-file: there is no file \"/no/such/file\""),
                arguments(
                        ETHERNET + "payload-file = \"/\"",
                        "f:6:1: inject.frame.payload-file: cannot be read: \"Is a directory\""),
                arguments(
                        ETHERNET + "payload-file = \"/dev/zero\"",
                        "f:6:1: inject.frame.payload-file: holds more than any frame can"),
                arguments(
                        ETHERNET + "payload = \"0\\u202e\"",
                        "f:6:1: inject.frame.payload: has U+202E at character 2: must be hexadecimal digits, two a byte,"
                                + " such as \"01 02 0a\""),
                arguments(
                        STREAM + "raw = \"0102\"",
                        "f:5:1: inject.frame.raw: must be at least 14 bytes, an Ethernet header, not 2"),
                arguments(
                        ETHERNET + "raw = \"" + "00".repeat(14) + "\"",
                        "f:5:1: inject.frame.destination: does not go with raw, which is the whole frame"),
                arguments(
                        STREAM + "raw = \"" + "00".repeat(65_551) + "\"",
                        "f:5:1: inject.frame.raw: must be at most 65550 bytes, the most that any link carries, not 65551"),
                arguments(
                        STREAM + "[inject.frame.lldp]\nchassis-id = \"a\"",
                        "f:5:1: inject.frame.lldp.port-id: needs a value"),
                arguments(
                        STREAM + "[inject.frame.lldp]\nchassis-id = \"\"\nport-id = \"a\"",
                        "f:6:1: inject.frame.lldp.chassis-id: must be from 1 to 255 bytes, not 0"),
                arguments(
                        IPV4 + "[inject.frame.lldp]\nchassis-id = \"a\"\nport-id = \"a\"",
                        "f:6:1: inject.frame.ipv4: does not go with lldp"),
                arguments(
                        ETHERNET + "payload = \"01\"\n[inject.frame.arp]\nsender-ip = \"192.0.2.1\"\n"
                                + "target-ip = \"192.0.2.2\"",
                        "f:6:1: inject.frame.payload: does not go with arp; length pads the frame"));
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                arguments(
                        UDP.replace("[inject.frame.ipv4]", "length = 41\n[inject.frame.ipv4]"),
                        "f:6:1: inject.frame.length: must be at least the 42 bytes that the content takes, not 41"),
                arguments(
                        ETHERNET + "length = 13", "f:6:1: inject.frame.length: must be from 14 to 65558 bytes, not 13"),
                arguments(
                        ETHERNET + "length = \"mix\"",
                        "f:6:1: inject.frame.length: must be bytes such as 60, a list such as [60, 590, 1514], or"
                                + " \"imix\", not \"mix\""),
                arguments(
                        ETHERNET + "length = [60, \"a\"]",
                        "f:6:15: inject.frame.length: must be a whole number, not \"a\""),
                arguments(
                        ETHERNET + "length = [60, 590]\nweights = [1]",
                        "f:7:1: inject.frame.weights: must be as many as there are lengths, 2, not 1"),
                arguments(
                        ETHERNET + "length = [60, 590]\nweights = [1, 0]",
                        "f:7:15: inject.frame.weights: must be from 1 to 1000, not the number 0"),
                arguments(
                        ETHERNET + "length = \"imix\"\nweights = [1, 2, 3]",
                        "f:7:1: inject.frame.weights: does not go with \"imix\", which has its own"),
                arguments(
                        IPV4.replace("[inject.frame.ipv4]", "length = 65550\n[inject.frame.ipv4]"),
                        "f:6:1: inject.frame.length: makes a packet of 65536 bytes: IP's longest is 65535"));
    }

    static Stream<Arguments> variations() {
        return Stream.of(
                vary("", "12:1", "field: needs a value: what varies, such as \"udp.source-port\", or offset and width"),
                vary(
                        "field = \"udp.source-prot\"",
                        "13:1",
                        "field: there is no field \"udp.source-prot\" (did you mean" + " udp.source-port?)"),
                vary(
                        "field = \"tcp.window\"",
                        "13:1",
                        "field: is of a header that the frame does not have: tcp.window"),
                vary(
                        "field = \"udp.checksum\"",
                        "13:1",
                        "field: shares a byte with udp.checksum that follows from the"
                                + " frame: give it to make it a fixed one"),
                vary(
                        "field = \"ipv4.protocol\"",
                        "13:1",
                        "field: shares a byte with ipv4.protocol that the checksum" + " behind it counts"),
                vary(
                        "offset = 41",
                        "13:1",
                        "offset: shares a byte with udp.checksum that follows from the frame: give it"
                                + " to make it a fixed one"),
                vary("offset = 42", "13:1", "offset: must lie in the frame, whose bytes are 0 to 41, not 42"),
                vary("offset = -1", "13:1", "offset: must be from 0 to 65536, not the number -1"),
                vary("offset = 36\nwidth = 9", "14:1", "width: must be from 1 to 8, not the number 9"),
                vary(
                        "width = 2",
                        "12:1",
                        "offset: needs a value: where the bytes begin, counted from the destination" + " address"),
                vary("field = \"udp.source-port\"\nfrom = 65536", "14:1", "from: must be from 0 to 65535, not 65536"),
                vary("field = \"udp.source-port\"\nfrom = 9\nto = 8", "15:1", "to: must not be less than from"),
                vary("field = \"udp.source-port\"\nstep = 0", "14:1", "step: must be 1 or more, not the number 0"),
                vary("field = \"udp.source-port\"\nseed = 1", "14:1", "seed: unknown key"),
                vary("offset = 0\nwidth = 2\nto = 65536", "15:1", "to: must fit 16 bits"),
                vary(
                        "field = \"ipv4.source\"\nfrom = 7",
                        "14:1",
                        "from: must be an IPv4 address such as \"192.0.2.1\"," + " not the number 7"),
                arguments(
                        UDP + "[[inject.frame.vary]]\nfield = \"ipv4.ttl\"\nkind = \"cuonter\"",
                        "f:14:1: inject.frame.vary.kind: must be \"counter\" or \"list\" or \"random\" or \"sequence\" or"
                                + " \"time\", not \"cuonter\" (did you mean counter?)"),
                arguments(
                        UDP + "[[inject.frame.vary]]\nfield = \"ipv4.ttl\"",
                        "f:12:1: inject.frame.vary.kind: needs a value: \"counter\", \"list\", \"random\", \"sequence\" or"
                                + " \"time\""),
                arguments(
                        UDP + "[[inject.frame.vary]]\nfield = \"ipv4.ttl\"\nkind = \"list\"",
                        "f:12:1: inject.frame.vary.values: needs a value: a list of what to put there"),
                arguments(
                        UDP + "[[inject.frame.vary]]\nfield = \"ipv4.ttl\"\nkind = \"list\"\nvalues = []",
                        "f:15:1: inject.frame.vary.values: must not be empty"),
                arguments(
                        UDP + "[[inject.frame.vary]]\nfield = \"ipv4.ttl\"\nkind = \"list\"\nvalues = [1, 256]",
                        "f:15:14: inject.frame.vary.values: must be from 0 to 255, not 256"),
                arguments(
                        ETHERNET + "[inject.frame.ipv6]\nsource = \"::1\"\ndestination = \"::2\"\n"
                                + "[[inject.frame.vary]]\nfield = \"ipv6.source\"\nkind = \"counter\"\nfrom = \"::\"\n"
                                + "to = \"1::\"",
                        "f:13:1: inject.frame.vary.to: must be the same as from in its upper 64 bits"));
    }

    static Stream<Arguments> marks() {
        return Stream.of(
                arguments(
                        IPV4 + "[inject.frame.mark]",
                        "f:9:1: inject.frame.mark: goes with udp, or with a payload right behind the EtherType 0x88b5"),
                arguments(
                        ETHERNET + "ethertype = 0x88b6\n[inject.frame.mark]",
                        "f:6:1: inject.frame.ethertype: must be 0x88b5 for a frame with a mark and no IP"),
                arguments(
                        UDP + "[inject.frame.mark]\nstream = 4294967296",
                        "f:13:1: inject.frame.mark.stream: must be from 0 to 4294967295, not the number 4294967296"),
                arguments(
                        UDP + "[inject.frame.mark]\nfrist = 1",
                        "f:13:1: inject.frame.mark.frist: unknown key (did you mean first?)"),
                arguments(
                        UDP + "[inject.frame.mark]\n[[inject.frame.vary]]\noffset = 50\nkind = \"time\"",
                        "f:14:1: inject.frame.vary.offset: shares a byte with the mark"));
    }

    /** A counter over a datagram without payload. */
    private static Arguments vary(String keys, String place, String problem) {
        String table = "[[inject.frame.vary]]\n" + (keys.isEmpty() ? "" : keys + "\n") + "kind = \"counter\"\n";
        return arguments(UDP + table, "f:" + place + ": inject.frame.vary." + problem);
    }

    @Test
    void shouldReportAllProblemsOfAFrameAtOnce() {
        assertEquals(
                List.of(
                                "f:4:1: inject.frame.destination: needs a value: the address to send to",
                                "f:5:1: inject.frame.length: must be at least the 54 bytes that the content takes, not 20",
                                "f:7:1: inject.frame.ipv4.source: must be an IPv4 address such as \"192.0.2.1\", not \"?\"",
                                "f:6:1: inject.frame.ipv4.destination: needs a value",
                                "f:9:1: inject.frame.tcp.source-port: must be from 0 to 65535, not 70000",
                                "f:8:1: inject.frame.tcp.destination-port: needs a value")
                        .stream()
                        .sorted()
                        .toList(),
                ConfigText.problems(STREAM + "length = 20\n[inject.frame.ipv4]\nsource = \"?\"\n"
                                + "[inject.frame.tcp]\nsource-port = 70000")
                        .stream()
                        .sorted()
                        .toList());
    }

    @Test
    void shouldRefuseFramesLongerThanTheInterfacesMtu(@TempDir Path folder) throws Exception {
        Map<String, OptionalInt> mtus = Map.of("eth0", OptionalInt.of(1500));
        ConfigReader reader = new ConfigReader(
                (_, _) -> Optional.empty(), Map.of(), name -> mtus.getOrDefault(name, OptionalInt.empty()));
        Path file = folder.resolve("f.toml");
        Files.writeString(file, ETHERNET + "length = [60, 1518]");
        String problem = file
                + ":6:1: inject.frame.length: its frames of 1518 bytes need an MTU of 1504 bytes, and the interface's is"
                + " 1500: shorten them, or raise the MTU";
        assertEquals(
                List.of(problem),
                assertThrows(ConfigException.class, () -> reader.read(ConfigSource.file(file)))
                        .problems());
        Files.writeString(file, ETHERNET + "length = \"imix\"");
        assertEquals(1, reader.read(ConfigSource.file(file)).injects().size());
        Files.writeString(file, ETHERNET + "length = 1518\n[[inject.frame.vlan]]\nid = 7");
        assertEquals(1, reader.read(ConfigSource.file(file)).injects().size());
        Files.writeString(file, ETHERNET.replace("eth0", "eth1") + "length = 9000");
        assertEquals(1, reader.read(ConfigSource.file(file)).injects().size());
    }

    @Test
    void shouldReadAFrameThatHasAFileOfItsOwn(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("frame.toml");
        Path payload = Files.write(folder.resolve("payload.bin"), new byte[] {1, 2, 3});
        Files.writeString(
                file,
                "destination = \"02:00:5e:00:53:02\"\nsource = \"02:00:5e:00:53:01\"\npayload-file = \"" + payload
                        + "\"\n[[vlan]]\nid = 100\n");
        assertEquals(
                "02005e00530202005e005301" + "81000064" + "88b5" + "010203",
                HexFormat.of()
                        .formatHex(FrameFile.read(file)
                                .compile(MacAddress.ETHER_BROADCAST_ADDRESS)
                                .bytes(0)));
        Files.writeString(file, "payload-text = \"a\"\n[[vlan]]\nid = 5000\n[udb]\n");
        assertEquals(
                List.of(
                        file + ": destination: needs a value: the address to send to",
                        file + ":3:1: vlan.id: must be from 0 to 4095, not 5000",
                        file + ":4:1: udb: unknown table (did you mean udp?)"),
                assertThrows(ConfigException.class, () -> FrameFile.read(file)).problems());
    }
}
