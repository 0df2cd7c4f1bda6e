package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigProblemsTest {
    private static final String CAPTURE = "[[capture]]\ninterface = \"ens192\"\n";
    private static final String HANDLER = "[[worker.handler]]\ntype = \"count\"\n";

    @ParameterizedTest
    @MethodSource({"syntax", "types", "unknown", "values", "captures", "workers"})
    void shouldSayWhatIsWrongAndWhere(String toml, String problem) {
        assertEquals(List.of(problem), ConfigText.problems(toml));
    }

    static Stream<Arguments> syntax() {
        return Stream.of(
                arguments("x = ", "f:1:5: Unexpected end of input, expected a value"),
                arguments("a = 1\na = 2", "f:2:1: a previously defined at line 1, column 1"),
                arguments(
                        CAPTURE + "buffer = 64 MiB",
                        "f:3:13: Unexpected 'MiB', expected a newline or end-of-input"
                                + " (an amount with a unit stands in quotes: \"64 MiB\")"));
    }

    static Stream<Arguments> types() {
        return Stream.of(
                capture("name = 7", "f:3:1: capture.name: must be a text in quotes, not the number 7"),
                capture("name = 2026-01-01", "f:3:1: capture.name: must be a text in quotes, not a date or time"),
                capture("buffer = 1.5", "f:3:1: capture.buffer: must be a size such as \"64 MiB\", not the number 1.5"),
                capture("timeout = 10", "f:3:1: capture.timeout: must be a time such as \"10 ms\", not the number 10"),
                capture("snaplen = \"64\"", "f:3:1: capture.snaplen: must be a whole number, not \"64\""),
                capture("snaplen = [64]", "f:3:1: capture.snaplen: must be a whole number, not a list"),
                capture("promiscuous = 1", "f:3:1: capture.promiscuous: must be true or false, not the number 1"),
                capture("filter = {}", "f:3:1: capture.filter: must be a text in quotes, not a table"),
                arguments(
                        "capture = true", "f:1:1: capture: must be written [[capture]], in double brackets, not true"),
                arguments(
                        "[capture]\ninterface = \"a\"",
                        "f:1:1: capture: must be written [[capture]], in double brackets"),
                arguments("capture = [{interface = \"a\"}, 2]", "f:1:31: capture: must be a table, not the number 2"),
                arguments("control = 1\n" + CAPTURE, "f:1:1: control: must be a table, [control], not the number 1"),
                worker(
                        "captures = \"ens192\"",
                        "f:4:1: worker.captures: must be a list of texts such as [\"a\", \"b\"], not \"ens192\""),
                worker(
                        "captures = [\n \"ens192\",\n 2]",
                        "f:6:2: worker.captures: must be a text in quotes, not the number 2"));
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                capture("bufer = 1", "f:3:1: capture.bufer: unknown key (did you mean buffer?)"),
                capture("  zebra = 1", "f:3:3: capture.zebra: unknown key"),
                capture("[captures]", "f:3:1: captures: unknown table (did you mean capture?)"),
                capture("[control]\nsock = \"\"", "f:4:1: control.sock: unknown key (did you mean socket?)"),
                capture(
                        "[daemon]\nstop-timeuot = \"1 s\"",
                        "f:4:1: daemon.stop-timeuot: unknown key (did you mean stop-timeout?)"),
                capture(
                        "[daemon]\nstop-timeout = 5",
                        "f:4:1: daemon.stop-timeout: must be a time such as \"10 ms\", not the number 5"),
                capture(
                        "[daemon]\nstop-timeout = \"0 s\"",
                        "f:4:1: daemon.stop-timeout: must be above 0, and at most 10 min, not \"0 s\""),
                capture(
                        "[daemon]\nstop-timeout = \"11 min\"",
                        "f:4:1: daemon.stop-timeout: must be above 0, and at most 10 min, not \"11 min\""),
                capture("[metrics]\nLISTEN = \"\"", "f:4:1: metrics.LISTEN: unknown key (did you mean listen?)"),
                worker("thread = 1", "f:4:1: worker.thread: unknown key (did you mean threads?)"),
                capture("\"a\\nb\\u202e\" = 1", "f:3:1: capture.a\\nb\\u202e: unknown key"));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                capture("name = \"a b\"", "f:3:1: capture.name: must not be empty or hold white space"),
                capture("name = \"a\\u0000b\"", "f:3:1: capture.name: must not hold a NUL character"),
                capture(
                        "mode = \"fast\"",
                        "f:3:1: capture.mode: must be \"throughput\" or \"low-latency\", not \"fast\""),
                capture(
                        "mode = \"low_latency\"",
                        "f:3:1: capture.mode: must be \"throughput\" or \"low-latency\", not \"low_latency\""
                                + " (did you mean low-latency?)"),
                capture(
                        "engine = \"FFM\"",
                        "f:3:1: capture.engine: must be \"ffm\" or \"pcap4j\", not \"FFM\"" + " (did you mean ffm?)"),
                capture(
                        "direction = \"\"",
                        "f:3:1: capture.direction: must be \"in\" or \"out\" or \"both\", not \"\""),
                capture(
                        "buffer = \"64 Mib\"",
                        "f:3:1: capture.buffer: must be a size such as \"64 MiB\", not \"64 Mib\" (did you mean MiB?)"),
                capture("buffer = 1", "f:3:1: capture.buffer: must be from 64 KiB to 2047 MiB, not the number 1"),
                capture("buffer = -1", "f:3:1: capture.buffer: must be from 64 KiB to 2047 MiB, not the number -1"),
                capture("snaplen = 13", "f:3:1: capture.snaplen: must be from 14 to 262144, or 0, not the number 13"),
                capture(
                        "snaplen = 9999999999",
                        "f:3:1: capture.snaplen: must be from 14 to 262144, or 0, not the number 9999999999"),
                capture("timeout = \"1 h\"", "f:3:1: capture.timeout: must be from 1 ms to 10 s, not \"1 h\""),
                capture("threads = 0", "f:3:1: capture.threads: must be from 1 to 64, not the number 0"),
                capture(
                        "fanout = [\"rollover\"]",
                        "f:3:1: capture.fanout: goes with threads = 2 or more: it is about frames spread over rings"),
                capture(
                        "threads = 2\nfanout = [\"rollover\", \"defrag\"]",
                        "f:4:23: capture.fanout: must be \"rollover\" or \"defragment\" or \"inner\", not \"defrag\""
                                + " (did you mean defragment?)"),
                capture(
                        "fanout = \"rollover\"",
                        "f:3:1: capture.fanout: must be a list of texts such as [\"a\", \"b\"], not \"rollover\""),
                capture("cpu = [0, -1]", "f:3:11: capture.cpu: must be from 0 to 8191, not the number -1"),
                capture("cpu = [8192]", "f:3:8: capture.cpu: must be from 0 to 8191, not the number 8192"),
                capture("cpu = [1, 2, 1]", "f:3:1: capture.cpu: names a CPU twice"),
                capture(
                        "cpu = 2",
                        "f:3:1: capture.cpu: must be a list of whole numbers such as [2, 3], not the number 2"),
                capture("cpu = [1, \"2\"]", "f:3:11: capture.cpu: must be a whole number, not \"2\""),
                capture(
                        "expect = 350000",
                        "f:3:1: capture.expect: must be a rate such as \"350 kpps\", not the number 350000"),
                capture("filter = \"bad\"", "f:3:1: capture.filter: does not compile: syntax error"),
                capture(
                        "[metrics]\nlisten = \"localhost\"",
                        "f:4:1: metrics.listen: must be host:port such as \"127.0.0.1:9464\", a port alone, or \"\" for off,"
                                + " not \"localhost\""),
                capture(
                        "[metrics]\nlisten = \"127.0.0.1:65536\"",
                        "f:4:1: metrics.listen: must be host:port such as \"127.0.0.1:9464\", a port alone, or \"\" for off,"
                                + " not \"127.0.0.1:65536\""),
                capture("[control]\nsocket = \"\"", "f:4:1: control.socket: must not be empty"),
                capture(
                        "[control]\nsocket = \"/" + "s".repeat(106) + "\"",
                        "f:4:1: control.socket: must be at most 106 bytes, the longest path that can be listened on"));
    }

    static Stream<Arguments> captures() {
        return Stream.of(
                arguments("", "f: capture: there must be a [[capture]], or an [[inject]] at least"),
                arguments(
                        "\n  [[capture]]\n",
                        "f:2:3: capture.interface: needs a value: the interface to capture (or give a file to read)"),
                arguments("[[capture]]\ninterface = \"\"", "f:2:1: capture.interface: must not be empty"),
                arguments(
                        "[[capture]]\ninterface = \"a\\nb\"",
                        "f:2:1: capture.interface: must be the name of an interface, not \"a\\nb\""),
                arguments("[[capture]]\nfile = \"\"", "f:2:1: capture.file: must not be empty"),
                capture("file = \"a.pcap\"", "f:3:1: capture.file: a capture has an interface or a file, not both"),
                capture("pace = \"max\"", "f:3:1: capture.pace: goes with a file: an interface has a pace of its own"),
                capture(
                        "max-gap = \"1 s\"",
                        "f:3:1: capture.max-gap: goes with pace = \"original\": it is about the file's own times"),
                arguments(
                        "[[capture]]\nfile = \"a\"\npace = \"fast\"",
                        "f:3:1: capture.pace: must be \"max\", \"original\" or a rate such as \"350 kpps\", not \"fast\""),
                arguments(
                        "[[capture]]\nfile = \"a\"\nthreads = 2",
                        "f:3:1: capture.threads: must be 1 for a file: only an interface can be shared by a fanout group"),
                arguments(
                        "[[capture]]\nfile = \"a\"\nexpect = \"1 kpps\"",
                        "f:3:1: capture.expect: goes with an interface: a file has no kernel ring to be too small"),
                capture(CAPTURE, "f:3:1: capture.name: \"ens192\" is the name of another one, at f:1:1"),
                capture(
                        "[[capture]]\ninterface = \"eth1\"\nname = \"ens192\"",
                        "f:5:1: capture.name: \"ens192\" is the name of another one, at f:1:1"));
    }

    static Stream<Arguments> workers() {
        return Stream.of(
                worker("name = \"\"", "f:4:1: worker.name: must not be empty or hold white space"),
                worker("cpu = [-7]", "f:4:8: worker.cpu: must be from 0 to 8191, not the number -7"),
                worker("threads = 65", "f:4:1: worker.threads: must be from 1 to 64, not the number 65"),
                worker(
                        "share = \"flows\"",
                        "f:4:1: worker.share: must be \"flow\" or \"round-robin\", not \"flows\" (did you mean flow?)"),
                worker(
                        "delivery = \"detached\"",
                        "f:4:1: worker.delivery: must be \"gate\" or \"detach\" or \"in-place\", not \"detached\" (did you mean detach?)"),
                worker(
                        "queue = \"16 MiB\"",
                        "f:4:1: worker.queue: goes with delivery = \"detach\": another worker has no queue of its own"),
                worker(
                        "spill = \"1 GiB\"",
                        "f:4:1: worker.spill: goes with delivery = \"detach\": another worker has no queue that frames could not"
                                + " fit into"),
                worker(
                        "delivery = \"detach\"\nspill-resume = true",
                        "f:5:1: worker.spill-resume: goes with spill, which says how much may be there: spill = \"20 GiB\""),
                worker(
                        "delivery = \"detach\"\nspill = \"1 MiB\"",
                        "f:5:1: worker.spill: must be from 16 MiB to 1024 GiB, or 0, not \"1 MiB\""),
                worker(
                        "delivery = \"detach\"\nspill = \"1 GiB\"\nqueue = \"1 MiB\"",
                        "f:6:1: worker.queue: must be at least 4 MiB with a spill, which half of it is for, not 1048576 bytes"),
                worker(
                        "delivery = \"detach\"\nqueue = \"64 KiB\"",
                        "f:5:1: worker.queue: must be from 1 MiB to 1 GiB, not \"64 KiB\""),
                worker(
                        "delivery = \"in-place\"\nthreads = 2",
                        "f:5:1: worker.threads: must be 1 with delivery = \"in-place\": the capture's threads are the worker's"),
                worker(
                        "delivery = \"in-place\"\ncpu = [0]",
                        "f:5:1: worker.cpu: does not go with delivery = \"in-place\": give the capture its processors"
                                + " (capture.cpu)"),
                worker(
                        "delivery = \"in-place\"\nqueue = \"16 MiB\"",
                        "f:5:1: worker.queue: goes with delivery = \"detach\": another worker has no queue of its own"),
                worker("sample = 0", "f:4:1: worker.sample: must be above 0, and at most 1, not the number 0"),
                worker("sample = nan", "f:4:1: worker.sample: must be above 0, and at most 1, not the number NaN"),
                worker("sample = \"1 %\"", "f:4:1: worker.sample: must be a number, not \"1 %\""),
                arguments(
                        CAPTURE + "[[worker]]\n" + HANDLER + "filter = \"bad\"\n",
                        "f:6:1: worker.handler.filter: does not compile: syntax error"),
                arguments( // the kernel alone knows which way a frame went
                        CAPTURE + "filter = \"inbound\"\n[[worker]]\n" + HANDLER + "filter = \"inbound\"\n",
                        "f:7:1: worker.handler.filter: does not compile: syntax error"),
                arguments(
                        "[[capture]]\nfile = \"trace.pcap\"\nfilter = \"inbound\"\n",
                        "f:3:1: capture.filter: does not compile: syntax error"),
                arguments(
                        CAPTURE + "[[worker]]\n" + HANDLER + "filter = 53\n",
                        "f:6:1: worker.handler.filter: must be a text in quotes, not the number 53"),
                worker(
                        "captures = [\"ens129\"]",
                        "f:4:13: worker.captures: there is no capture \"ens129\" (did you mean ens192?)"),
                worker("captures = [\"x\"]", "f:4:13: worker.captures: there is no capture \"x\": there is ens192"),
                worker("captures = [\"ens192\", \"ens192\"]", "f:4:23: worker.captures: names \"ens192\" twice"),
                worker(
                        HANDLER + "[[worker]]\nname = \"default\"",
                        "f:7:1: worker.name: \"default\" is the name of another one, at f:3:1"),
                capture("[[worker]]", "f:3:1: worker.handler: needs at least one [[worker.handler]]"));
    }

    private static Arguments capture(String more, String problem) {
        return arguments(CAPTURE + more, problem);
    }

    private static Arguments worker(String keys, String problem) {
        return arguments(CAPTURE + "[[worker]]\n" + keys + "\n" + HANDLER, problem);
    }

    @Test
    void shouldReportAllProblemsOfAFileInItsOrder() {
        assertEquals(
                List.of(
                        "f:1:1: contrl: unknown table (did you mean control?)",
                        "f:4:1: capture.bufer: unknown key (did you mean buffer?)",
                        "f:5:1: capture.threads: must be from 1 to 64, not the number 0",
                        "f:6:1: capture.filter: does not compile: syntax error",
                        "f:7:1: capture.interface: needs a value: the interface to capture (or give a file to read)",
                        "f:8:1: capture.snaplen: must be from 14 to 262144, or 0, not the number 5",
                        "f:10:13: worker.captures: there is no capture \"x\": there is ens192",
                        "f:12:1: worker.handler.type: must be \"count\" or \"log\", or a class such as"
                                + " \"org.example.MyHandler\", not \"cuont\" (did you mean count?)",
                        "f:13:1: inject: must be written [[inject]], in double brackets",
                        "f:13:1: inject.interface: needs a value: the interface to send on",
                        "f:13:1: inject.every: needs a value: the time between frames (or give every-frames or rate)",
                        "f:13:1: inject.frame: needs an [inject.frame] table"),
                ConfigText.problems("""
                        contrl.socket = ""
                        [[capture]]
                        interface = "ens192"
                        bufer = 1
                        threads = 0
                        filter = "bad"
                        [[capture]]
                        snaplen = 5
                        [[worker]]
                        captures = ["x"]
                        [[worker.handler]]
                        type = "cuont"
                        [inject]
                        """));
    }

    @Test
    void shouldReportAllSyntaxErrorsInFileOrder() {
        assertEquals(
                List.of(
                        "f:2:1: c previously defined at line 1, column 1",
                        "f:3:5: Unexpected end of line, expected a value",
                        "f:4:7: Unexpected '2', expected a newline or end-of-input"),
                ConfigText.problems("[[c]]\n[c]\nx = \ny = 1 2"));
    }

    @Test
    void shouldCountProblemsBeyondAHundred() {
        StringBuilder toml = new StringBuilder(CAPTURE);
        for (int i = 0; i < 1_000; i++) {
            toml.append("k").append(i).append(" = 0\n");
        }
        List<String> problems = ConfigText.problems(toml.toString());
        assertEquals(101, problems.size());
        assertEquals("f:3:1: capture.k0: unknown key", problems.getFirst());
        assertEquals("and 900 more problems", problems.getLast());
    }
}
