package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapDevice;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DevicesCommandTest {
    private static final List<PcapDevice> DEVICES = List.of(
            new PcapDevice(
                    "old0",
                    false,
                    false,
                    false,
                    Optional.of("ethernet"),
                    OptionalInt.of(1500),
                    Optional.of("00:11:22:33:44:66"),
                    List.of(),
                    List.of()),
            new PcapDevice(
                    "ens224",
                    true,
                    false,
                    false,
                    Optional.of("ethernet"),
                    OptionalInt.of(9000),
                    Optional.of("00:11:22:33:44:77"),
                    List.of(),
                    List.of()),
            new PcapDevice(
                    "lo",
                    true,
                    true,
                    true,
                    Optional.of("ethernet"),
                    OptionalInt.of(65536),
                    Optional.empty(),
                    List.of("127.0.0.1", "::1"),
                    List.of()),
            new PcapDevice(
                    "ens192",
                    true,
                    true,
                    false,
                    Optional.of("ethernet"),
                    OptionalInt.of(1500),
                    Optional.of("00:11:22:33:44:55"),
                    List.of("192.0.2.7"),
                    List.of("uplink", "enp11s0f1np1-of-the-core")),
            new PcapDevice(
                    "tun0",
                    true,
                    true,
                    false,
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of()));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(DevicesCommand.Listing listing, String... arguments) {
        return new CommandLine(new DevicesCommand(listing).spec())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void shouldListThoseThatRunFirst() {
        assertEquals(0, run(() -> DEVICES));
        assertEquals("""
                name    state           link type     MTU  MAC                addresses      other names
                ens192  running         ethernet    1,500  00:11:22:33:44:55  192.0.2.7      uplink enp11s0f1np1-of-the-core
                tun0    running         -               -  -                  -              -
                lo      running         ethernet   65,536  -                  127.0.0.1 ::1  -
                ens224  up, no carrier  ethernet    9,000  00:11:22:33:44:77  -              -
                old0    down            ethernet    1,500  00:11:22:33:44:66  -              -
                """, out.toString());
    }

    @Test
    void shouldLeaveOutOfTheJsonWhatIsNotKnown() {
        assertEquals(0, run(() -> DEVICES.subList(3, 5), "--json"));
        assertEquals("""
                {"devices":[\
                {"name":"ens192","up":true,"running":true,"loopback":false,"link_type":"ethernet","mtu":1500,\
                "mac":"00:11:22:33:44:55","addresses":["192.0.2.7"],"alternative_names":["uplink","enp11s0f1np1-of-the-core"]},\
                {"name":"tun0","up":true,"running":true,"loopback":false,"addresses":[],"alternative_names":[]}]}
                """, out.toString());
    }

    @Test
    void shouldEndWithThreeWhenNoneMayBeSeen() {
        int code = run(() -> {
            throw new OpenException(OpenException.Reason.NOT_PERMITTED, "no interface can be seen: grant it");
        });
        assertEquals(3, code);
        assertEquals("ringtap: no interface can be seen: grant it\n", err.toString());
    }

    @Test
    void shouldSeeTheLoopbackWithoutAnyRight() {
        assertEquals(
                0,
                new CommandLine(new DevicesCommand().spec())
                        .setOut(new PrintWriter(out))
                        .execute("--json"));
        assertTrue(out.toString().contains("{\"name\":\"lo\","), out.toString());
    }
}
