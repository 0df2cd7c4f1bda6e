package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InterfaceLimit;
import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.util.MacAddress;

/** What becomes of [[inject]] and [[interface]]. */
class InjectReaderTest {
    private static final String CAPTURE = "[[capture]]\ninterface = \"ens192\"\n";
    private static final String FRAME = "[inject.frame]\ndestination = \"aa:bb:cc:dd:ee:ff\"\n";

    @Test
    void shouldReadEveryKeyOfAStream() throws ConfigException {
        DaemonConfig config = ConfigText.read("""
                [[inject]]
                name = "beacon"
                interface = "ens192"
                every = "1 s"
                count = 5
                [inject.frame]
                destination = "aa:bb:cc:dd:ee:ff"
                source = "00-11-22-33-44-55"
                ethertype = 0x0800
                payload = "01 02 0a"
                """);
        FrameTemplate frame = FrameTemplate.of(
                MacAddress.getByName("aa:bb:cc:dd:ee:ff"),
                Optional.of(MacAddress.getByName("00:11:22:33:44:55")),
                0x0800,
                "01 02 0a");
        assertEquals(
                List.of(InjectConfig.builder("beacon", "ens192", new Schedule.Every(Duration.ofSeconds(1)), frame)
                        .count(5)
                        .build()),
                config.injects());
        assertEquals(List.of(), config.captures());
        assertEquals(List.of(), config.workers());
    }

    @Test
    void shouldGiveAStreamItsDefaults() throws ConfigException {
        InjectConfig stream =
                ConfigText.read(stream("rate = \"10 kpps\"", "")).injects().getFirst();
        FrameTemplate frame = FrameTemplate.of(MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "");
        assertEquals(
                InjectConfig.builder("ens192", "ens192", new Schedule.Rate(10_000), ConfigText.template(stream))
                        .build(),
                stream);
        MacAddress own = MacAddress.getByName("02:00:5e:00:53:01");
        assertArrayEquals(
                frame.compile(own).bytes(0),
                ConfigText.template(stream).compile(own).bytes(0));
    }

    @ParameterizedTest
    @CsvSource({
        "'', SENDPACKET",
        "engine = \"sendpacket\", SENDPACKET",
        "engine = \"mmsg\", MMSG",
        "'engine = \"mmsg\"\nqdisc-bypass = true', MMSG_BYPASS",
        "'engine = \"mmsg\"\nqdisc-bypass = false', MMSG",
        "engine = \"xdp\", XDP"
    })
    void shouldReadTheEngineOfAStream(String keys, Engine engine) throws ConfigException {
        DaemonConfig config = ConfigText.read(stream("rate = \"max\"\n" + keys, ""));
        assertEquals(engine, config.injects().getFirst().engine());
        assertEquals(new Schedule.TopSpeed(), config.injects().getFirst().schedule());
    }

    @Test
    void shouldReadEveryKeyOfAPace() throws ConfigException {
        InjectConfig stream = ConfigText.read(stream("""
                rate = "2.5 Mbit/s"
                burst = 10
                ramp = "2 min"
                ramp-from = "100 kbit/s"
                delay = "5 ms"
                duration = "1 h"
                count = 7""", "")).injects().getFirst();
        assertEquals(
                InjectConfig.builder("ens192", "ens192", new Schedule.BitRate(2_500_000), ConfigText.template(stream))
                        .burst(10)
                        .ramp(new Ramp(Duration.ofMinutes(2), Optional.of(new Schedule.BitRate(100_000))))
                        .delay(Duration.ofMillis(5))
                        .duration(Duration.ofHours(1))
                        .count(7)
                        .build(),
                stream);
    }

    @Test
    void shouldReadWhatInterfacesSendAtMost() throws ConfigException {
        DaemonConfig config = ConfigText.read("""
                [[interface]]
                name = "a"
                max-rate = "10 kpps"
                [[interface]]
                name = "b"
                max-rate = "1 Gbit/s"
                [[capture]]
                interface = "b"
                [[inject]]
                interface = "a"
                rate = "max"
                frame.destination = "aa:bb:cc:dd:ee:ff"
                """);
        assertEquals(
                List.of(
                        new InterfaceLimit("a", new Schedule.Rate(10_000)),
                        new InterfaceLimit("b", new Schedule.BitRate(1e9))),
                config.limits());
    }

    @Test
    void shouldReadAFrameOfManyHeadersThatVariesAndIsMarked() throws ConfigException {
        InjectConfig stream = ConfigText.read("""
                [[inject]]
                interface = "ens192"
                rate = "10 kpps"
                [inject.frame]
                destination = "02:00:5e:00:53:02"
                source = "02:00:5e:00:53:01"
                length = [90, 590]
                weights = [3, 1]
                [[inject.frame.vlan]]
                id = 100
                [[inject.frame.vlan]]
                id = 7
                priority = 5
                [inject.frame.ipv4]
                source = "192.0.2.1"
                destination = "198.51.100.1"
                dont-fragment = true
                [inject.frame.udp]
                source-port = 1024
                destination-port = 9
                checksum = 0xbad
                [inject.frame.mark]
                stream = 3
                first = 4_294_967_295
                check = false
                [[inject.frame.vary]]
                field = "ipv4.source"
                kind = "counter"
                from = "192.0.2.1"
                to = "192.0.2.3"
                [[inject.frame.vary]]
                field = "udp.source-port"
                kind = "list"
                values = [1024, 0x8000]
                [[inject.frame.vary]]
                field = "ipv4.identification"
                kind = "sequence"
                [[inject.frame.vary]]
                offset = 50
                width = 8
                kind = "time"
                """).injects().getFirst();
        CompiledTemplate frames = ConfigText.template(stream).compile(MacAddress.ETHER_BROADCAST_ADDRESS);
        assertEquals(
                "02005e00530202005e005301" + "88a80064" + "8100a007" + "0800"
                        + "450000440004400040114e6e" + "c0000202" + "c6336401"
                        + "0400000900300bad" + "00000000000003e7"
                        + "5254415001000028" + "0000000100000003" + "00000000000003e7" + "00000003" + "00000000",
                HexFormat.of().formatHex(frames.bytes(4, 999)));
        assertEquals(
                List.of(90, 90, 590, 90, 90),
                IntStream.range(0, 5).mapToObj(i -> frames.bytes(i).length).toList());
    }

    @Test
    void shouldCountTheFramesOfTheCaptureMeant() throws ConfigException {
        String other = "[[capture]]\nname = \"other\"\ninterface = \"eth1\"\n";
        assertEquals("other", counted(other + stream("every-frames = 9", "")));
        assertEquals("ens192", counted(other + CAPTURE + stream("every-frames = 9", "")));
        assertEquals("other", counted(other + CAPTURE + stream("every-frames = 9\ncapture = \"other\"", "")));
    }

    private static String stream(String keys, String frameKeys) {
        return "[[inject]]\ninterface = \"ens192\"\n" + keys + "\n" + FRAME + frameKeys;
    }

    private static String counted(String toml) throws ConfigException {
        Schedule schedule = ConfigText.read(toml).injects().getFirst().schedule();
        return ((Schedule.EveryFrames) schedule).captureName();
    }
}
