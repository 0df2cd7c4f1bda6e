package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InjectProblemsTest {
    private static final String ETH0 = "\n[[capture]]\ninterface = \"eth0\"\n";
    private static final String INTERFACE = "[[interface]]\n";

    @ParameterizedTest
    @MethodSource("streams")
    void shouldSayWhatIsWrongAndWhere(String toml, String problem) {
        assertEquals(List.of(problem), ConfigText.problems(toml));
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                stream("every = \"1 s\"\ncuont = 1", "", "f:4:1: inject.cuont: unknown key (did you mean count?)"),
                stream(
                        "every = \"1 s\"",
                        "dest = 1",
                        "f:5:1: inject.frame.dest: unknown key (did you mean destination?)"),
                stream(
                        "",
                        "",
                        "f:1:1: inject.every: needs a value: the time between frames (or give every-frames or rate)"),
                stream(
                        "every = \"1 s\"\nrate = \"1 pps\"",
                        "",
                        "f:4:1: inject.rate: a stream has one of every and rate, not more"),
                stream("every = \"0 s\"", "", "f:3:1: inject.every: must be above 0, and at most 8760 h, not \"0 s\""),
                stream(
                        "rate = \"11 Mpps\"",
                        "",
                        "f:3:1: inject.rate: must be from 0.000001 to 10000000 frames a second, not 11000000"),
                stream(
                        "rate = \"1 Mbits\"",
                        "",
                        "f:3:1: inject.rate: must be \"max\" or a rate such as \"350 kpps\", not \"1 Mbits\" (did you mean Mbit/s?)"),
                stream(
                        "rate = \"max\"\nburst = 2",
                        "",
                        "f:4:1: inject.burst: goes with every, every-frames, or a rate"),
                stream(
                        "every = \"1 s\"\nburst = 0",
                        "",
                        "f:4:1: inject.burst: must be from 1 to 1000000, not the number 0"),
                stream(
                        "every = \"1 s\"\nramp = \"1 s\"",
                        "",
                        "f:4:1: inject.ramp: goes with a rate: it is how the stream comes to it"),
                stream(
                        "rate = \"1 pps\"\nramp = \"0 s\"",
                        "",
                        "f:4:1: inject.ramp: must be above 0, and at most 8760 h, not \"0 s\""),
                stream(
                        "rate = \"1 pps\"\nramp-from = \"2 pps\"",
                        "",
                        "f:4:1: inject.ramp-from: goes with ramp: the time in which the rate rises from it"),
                stream(
                        "rate = \"1 pps\"\nramp = \"1 s\"\nramp-from = \"2 bit/s\"",
                        "",
                        "f:5:1: inject.ramp-from: must be in the unit of the rate: both frames, or both bits"),
                stream(
                        "every = \"1 s\"\nduration = \"0 s\"",
                        "",
                        "f:4:1: inject.duration: must be above 0, and at most 8760 h, not \"0 s\""),
                stream(
                        "every = \"1 s\"\ndelay = \"9000 h\"",
                        "",
                        "f:4:1: inject.delay: must be from 0 s to 8760 h, not \"9000 h\""),
                arguments(
                        INTERFACE + "max-rate = \"1 kpps\"" + ETH0,
                        "f:1:1: interface.name: needs a value: the interface that is meant"),
                arguments(
                        INTERFACE + "name = \"eth1\"\nmax-rate = \"1 kpps\"" + ETH0,
                        "f:2:1: interface.name: nothing captures or sends on \"eth1\" (did you mean eth0?)"),
                arguments(
                        INTERFACE + "name = \"eth0\"" + ETH0,
                        "f:1:1: interface.max-rate: needs a value: what the interface sends, at most"),
                arguments(
                        INTERFACE + "name = \"eth0\"\nmax-rate = 5" + ETH0,
                        "f:3:1: interface.max-rate: must be a rate such as \"350 kpps\", not the number 5"),
                arguments(
                        INTERFACE + "name = \"eth0\"\nmax-rate = \"1 pps\"\n" + INTERFACE
                                + "name = \"eth0\"\nmax-rate = \"1 pps\"" + ETH0,
                        "f:5:1: interface.name: \"eth0\" is the name of another one, at f:2:1"),
                stream("rate = 10", "", "f:3:1: inject.rate: must be a rate such as \"350 kpps\", not the number 10"),
                stream("every = \"1 s\"\ncount = -1", "", "f:4:1: inject.count: must be 0 or more, not the number -1"),
                stream("every = \"1 s\"\nname = \"\"", "", "f:4:1: inject.name: must not be empty or hold white space"),
                stream(
                        "every = \"1 s\"\nname = \"a b\"",
                        "",
                        "f:4:1: inject.name: must not be empty or hold white space"),
                stream(
                        "every-frames = 9",
                        "",
                        "f:3:1: inject.every-frames: there is no capture whose frames could count"),
                stream("every-frames = 0", "", "f:3:1: inject.every-frames: must be 1 or more, not the number 0"),
                stream(
                        "every = \"1 s\"\nengine = \"xpd\"",
                        "",
                        "f:4:1: inject.engine: must be \"sendpacket\" or \"mmsg\" or \"xdp\", not \"xpd\""
                                + " (did you mean xdp?)"),
                stream(
                        "every = \"1 s\"\nengine = \"xdp\"\nqdisc-bypass = true",
                        "",
                        "f:5:1: inject.qdisc-bypass: goes with engine = \"mmsg\": the others have no choice"),
                stream("every-frames = 9\ncapture = \"x\"", "", "f:4:1: inject.capture: there is no capture \"x\""),
                stream(
                        "every = \"1 s\"\ncapture = \"x\"",
                        "",
                        "f:4:1: inject.capture: goes with every-frames: it says which capture's frames count"),
                arguments(
                        "[[capture]]\ninterface = \"a\"\n[[capture]]\ninterface = \"b\"\n[[inject]]\ninterface = \"c\"\n"
                                + "every-frames = 9\nframe.destination = \"aa:bb:cc:dd:ee:ff\"",
                        "f:7:1: inject.every-frames: counts the frames of one capture: say which by capture = one of a, b"),
                arguments(
                        "[[inject]]\nevery = \"1 s\"\nframe.destination = \"aa:bb:cc:dd:ee:ff\"",
                        "f:1:1: inject.interface: needs a value: the interface to send on"),
                arguments(
                        "[[inject]]\ninterface = \"a\"\nevery = \"1 s\"",
                        "f:1:1: inject.frame: needs an [inject.frame] table"),
                arguments(
                        "[[inject]]\ninterface = \"a\"\nevery = \"1 s\"\n[inject.frame]",
                        "f:4:1: inject.frame.destination: needs a value: the address to send to"),
                frame("source = \"aa:bb\"", "source: must be an address such as \"aa:bb:cc:dd:ee:ff\", not \"aa:bb\""),
                frame(
                        "source = \"aa:bb:cc-dd:ee:ff\"",
                        "source: must be an address such as \"aa:bb:cc:dd:ee:ff\", not \"aa:bb:cc-dd:ee:ff\""),
                frame(
                        "source = \"01:00:5e:00:00:01\"",
                        "source: must be the address of one station, not a group's: 01:00:5e:00:00:01"),
                frame("ethertype = 0x05ff", "ethertype: must be from 0x0600 to 0xffff, not 0x5ff"),
                frame("ethertype = 65536", "ethertype: must be from 0x0600 to 0xffff, not 0x10000"),
                frame("payload = \"01 0\"", "payload: ends in half a byte: two hexadecimal digits make one"),
                frame(
                        "payload = \"010x01\"",
                        "payload: has 'x' at character 4: must be hexadecimal digits, two a byte, such as \"01 02 0a\""),
                frame(
                        "payload = \"" + "00".repeat(65_537) + "\"",
                        "payload: must be at most 65536 bytes, the most that any link carries, not 65537"));
    }

    private static Arguments stream(String keys, String frameKeys, String problem) {
        return arguments(
                "[[inject]]\ninterface = \"eth0\"\n" + (keys.isEmpty() ? "" : keys + "\n")
                        + "frame.destination = \"aa:bb:cc:dd:ee:ff\"\n"
                        + (frameKeys.isEmpty() ? "" : "frame." + frameKeys),
                problem);
    }

    private static Arguments frame(String keys, String problem) {
        return arguments(
                "[[inject]]\ninterface = \"eth0\"\nevery = \"1 s\"\n[inject.frame]\n"
                        + "destination = \"ff:ff:ff:ff:ff:ff\"\n" + keys,
                "f:6:1: inject.frame." + problem);
    }
}
