package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.inject.config.FrameOrigin;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.replay.VlanRewrite;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** Streams whose frames are those of a capture file. */
class ReplayReaderTest {
    @TempDir
    private Path folder;

    private Path trace;

    @BeforeEach
    void writeTrace() throws Exception {
        trace = write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(1, SampleFrames.arp())
                .frame(2, SampleFrames.vlan()));
    }

    private Path write(PcapWriter file) throws Exception {
        return Files.write(folder.resolve("trace.pcap"), file.bytes());
    }

    private String stream(String keys) {
        return "[[inject]]\ninterface = \"eth0\"\nreplay = \"" + trace + "\"\n" + keys;
    }

    private List<String> problems(String keys) {
        return ConfigText.problems(stream(keys)).stream()
                .map(line -> line.replace(trace.toString(), "FILE"))
                .toList();
    }

    private InjectConfig read(String keys) throws ConfigException {
        return ConfigText.read(stream(keys)).injects().getFirst();
    }

    @Test
    void shouldReplayAFileOnceAtItsOwnTimesUnlessToldOtherwise() throws Exception {
        InjectConfig config = read("");
        assertEquals(new Schedule.Original(1), config.schedule());
        ReplayFacts facts = ReplayFacts.read(Replay.of(trace));
        assertEquals(new FrameOrigin.File(facts), config.origin());
        assertEquals(2, config.mostFrames());
    }

    @Test
    void shouldReadEveryKey() throws Exception {
        InjectConfig config = read("""
                speed = 2.5
                loops = 3
                cut-frames = "pad"
                long-frames = "count"
                short-frames = "count"
                max-gap = "2 s"
                count = 5
                [inject.rewrite]
                destination = "02:00:5e:00:53:02"
                source = "02:00:5e:00:53:01"
                vlan = "add 100"
                """);
        assertEquals(new Schedule.Original(2.5), config.schedule());
        Rewrite rewrite = new Rewrite(
                Optional.of(MacAddress.getByName("02:00:5e:00:53:02")),
                Optional.of(MacAddress.getByName("02:00:5e:00:53:01")),
                new VlanRewrite(VlanRewrite.Kind.ADD, 100));
        assertEquals(
                new FrameOrigin.File(ReplayFacts.read(new Replay(
                        trace,
                        3,
                        rewrite,
                        CutFrames.PAD,
                        LongFrames.COUNT,
                        ShortFrames.COUNT,
                        Optional.of(Duration.ofSeconds(5))))), // at 2.5 times the speed it takes 2 s
                config.origin());
        assertEquals(5, config.mostFrames());
    }

    @Test
    void shouldTakeARateInPlaceOfTheTimes() throws Exception {
        assertEquals(new Schedule.Rate(10_000), read("rate = \"10 kpps\"").schedule());
        assertEquals(new Schedule.TopSpeed(), read("rate = \"max\"").schedule());
    }

    @Test
    void shouldSayWhatIsWrongAndWhere() {
        assertEquals(
                List.of("f:4:1: inject.speed: must be from 0.000001 to 1000000, not the number 0"),
                problems("speed = 0"));
        assertEquals(
                List.of("f:5:1: inject.rate: a stream has one of speed and rate, not more"),
                problems("speed = 2\nrate = \"1 pps\""));
        assertEquals(
                List.of("f:4:1: inject.max-gap: goes with the file's own times: a rate leaves no gaps"),
                problems("max-gap = \"1 s\"\nrate = \"1 pps\""));
        assertEquals(List.of("f:4:1: inject.max-gap: must be above 0, not \"0 s\""), problems("max-gap = \"0 s\""));
        assertEquals(
                List.of("f:5:1: inject.rewrite.vlan: must be \"set ID\", \"add ID\" or \"remove\", with an ID from 0 to"
                        + " 4094, not \"drop\""),
                problems("[inject.rewrite]\nvlan = \"drop\""));
        assertEquals(
                List.of("f:5:1: inject.rewrite.sorce: unknown key (did you mean source?)"),
                problems("[inject.rewrite]\nsorce = \"02:00:5e:00:53:01\""));
        assertEquals(
                List.of(
                        "f:4:1: inject.engine: \"xdp\" makes its frames itself, and cannot replay a file: use \"mmsg\""),
                problems("engine = \"xdp\""));
        assertEquals(
                List.of("f:4:1: inject.frame: a stream has a frame or a replay, not both"),
                problems("[inject.frame]\ndestination = \"02:00:5e:00:53:01\""));
    }

    @Test
    void shouldSayWhatIsWrongWithTheFile() throws Exception {
        write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true).frame(1, FrameBytes.cut(SampleFrames.ipv4Udp(), 60), 142));
        assertEquals(
                List.of(
                        "f:3:1: inject.replay: cannot replay FILE: it holds only the beginning of 1 of its 1 frames, first of"
                                + " frame 1, as its snaplen was too short: cut-frames \"send\" sends what there is of them, \"pad\""
                                + " puts zeros in place of the rest"),
                problems(""));
        write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true).frame(1, new byte[13]));
        assertEquals(
                List.of(
                        "f:3:1: inject.replay: cannot replay FILE: 1 of its 1 frames are shorter than the 14 bytes of an"
                                + " Ethernet header, first of them frame 1: leave them out, or have them counted as failed, by"
                                + " short-frames \"count\""),
                problems(""));
        write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true, PcapWriter.RADIOTAP, 65_535));
        assertEquals(1, problems("").size());
        Files.delete(trace);
        assertEquals(
                List.of("f:3:1: inject.replay: cannot read capture file FILE: there is no such file; check the path"),
                problems(""));
    }

    @Test
    void shouldNameTheMtuOfAnInterfaceThatIsThere() throws Exception {
        write(new PcapWriter(ByteOrder.LITTLE_ENDIAN, true).frame(1, new byte[1_600]));
        ConfigReader reader =
                new ConfigReader((_, _) -> Optional.empty(), java.util.Map.of(), _ -> OptionalInt.of(1_500));
        String problem = ConfigText.inFile(
                stream(""),
                file -> org.junit.jupiter.api.Assertions.assertThrows(
                                ConfigException.class, () -> reader.read(ConfigSource.file(file)))
                        .problems()
                        .getFirst()
                        .replace(file + "", "f"));
        assertEquals(
                "f:3:1: inject.replay: cannot replay " + trace
                        + ": its frame 1 of 1600 bytes needs an MTU of 1586 bytes, and"
                        + " the interface's is 1500: raise the MTU, or have such frames counted as failed, by long-frames"
                        + " \"count\"",
                problem);
    }

    @Test
    void shouldNotTakeKeysOfAReplayWithoutOne() {
        String text = "[[inject]]\ninterface = \"eth0\"\nevery = \"1 s\"\nloops = 2\n"
                + "[inject.frame]\ndestination = \"02:00:5e:00:53:01\"";
        assertEquals(
                List.of("f:4:1: inject.loops: goes with replay: it is about the frames of a capture file"),
                ConfigText.problems(text));
    }
}
