package io.ringtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where threads run, as the kernel tells it: on the first two CPUs that this process may use, or on the only one. */
@Tag("live")
class CpuTest extends VethFixture {

    private static CaptureConfig capture(int threads, List<Integer> cpus) {
        return CaptureConfig.builder("near", new CaptureOrigin.Live(VethPair.NEAR))
                .bufferBytes(1 << 20)
                .snaplenBytes(2_048)
                .timeout(Duration.ofMillis(100))
                .threads(threads)
                .cpus(cpus)
                .build();
    }

    private static WorkerConfig worker(int threads, List<Integer> cpus) {
        return new WorkerConfig(
                "w",
                List.of(),
                threads,
                Share.FLOW,
                Delivery.GATE,
                List.of(new HandlerFactory("none", () -> frame -> {})),
                cpus);
    }

    /** The CPUs of the pipeline's threads, by name, such as {@code 0-1}. */
    private static Map<String, String> cpus() throws IOException {
        Map<String, String> cpus = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                String name = Files.readString(task.resolve("comm")).strip();
                if (name.matches("(capture|worker)-.*")) {
                    cpus.put(name, allowed(Files.readString(task.resolve("status"))));
                }
            }
        }
        return cpus;
    }

    private static String allowed(String status) {
        return status.lines()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The CPUs of the calling thread. */
    private static String anywhere() {
        try {
            return allowed(Files.readString(Path.of("/proc/thread-self/status")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> cpusOf(CaptureConfig capture, WorkerConfig worker) throws Exception {
        try (FarSender far = new FarSender();
                Tap tap = Tap.open(capture, List.of(worker), () -> frame -> false)) {
            tap.start();
            far.sendUdp(1_000, 100, 0);
            VethPair.await(() -> tap.workerCounts().getFirst().delivered() == 1_000);
            Map<String, String> cpus = cpus();
            assertTrue(tap.stop(VethPair.HANG));
            return cpus;
        }
    }

    /** All that the process may use: its cpuset, but not the affinity that it was started with, which threads may leave. */
    private static List<Integer> usable() {
        String list = allowed(VethPair.run("taskset", "-c", "0-8191", "cat", "/proc/self/status"));
        List<Integer> cpus = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", -1);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(cpus::add);
        }
        return cpus;
    }

    /** Two of them, or the only one. */
    private static List<Integer> some() {
        List<Integer> usable = usable();
        return usable.subList(0, Math.min(2, usable.size()));
    }

    /** As the kernel writes a list in ascending order of at most two. */
    private static String text(List<Integer> cpus) {
        int first = cpus.getFirst();
        int last = cpus.getLast();
        return first == last ? "" + first : first + (last == first + 1 ? "-" : ",") + last;
    }

    @Test
    void shouldGiveEachThreadItsOwnCpuWhereThereAreAsMany() throws Exception {
        List<Integer> cpus = some();
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < cpus.size(); i++) {
            expected.put("capture-near-" + i, "" + cpus.reversed().get(i));
            expected.put("worker-w-" + i, "" + cpus.get(i));
        }
        assertEquals(expected, cpusOf(capture(cpus.size(), cpus.reversed()), worker(1, cpus)));
    }

    @Test
    void shouldGiveEveryThreadAllCpusOfTheListOtherwise() throws Exception {
        List<Integer> cpus = some();
        String last = "" + cpus.getLast();
        assertEquals(
                Map.of("capture-near-0", text(cpus), "worker-w-0", last, "worker-w-1", last),
                cpusOf(capture(1, cpus), worker(2, List.of(cpus.getLast()))));
        assertEquals(
                Map.of(
                        "capture-near-0",
                        text(cpus),
                        "capture-near-1",
                        text(cpus),
                        "capture-near-2",
                        text(cpus),
                        "worker-w-0",
                        last,
                        "worker-w-1",
                        last,
                        "worker-w-2",
                        last),
                cpusOf(capture(3, cpus), worker(1, List.of(cpus.getLast()))));
    }

    @Test
    void shouldLeaveThreadsAloneByDefault() throws Exception {
        String anywhere = anywhere();
        assertEquals(
                Map.of("capture-near-0", anywhere, "worker-w-0", anywhere, "worker-w-1", anywhere),
                cpusOf(capture(1, List.of()), worker(2, List.of())));
    }

    @Test
    void shouldRefuseACpuThatIsNotThereAndOpenNothing() {
        OpenException capture = refusal(capture(1, List.of(8_191)), worker(1, List.of()));
        assertEquals(OpenException.Reason.BAD_CPU, capture.reason());
        String there = usable().stream().map(String::valueOf).collect(Collectors.joining(", "));
        assertEquals(
                "capture near: cpu = [8191]: CPU 8191 cannot be used: not there, offline, or outside the cpuset of this"
                        + " process; there are: " + there,
                capture.getMessage());
        int first = usable().getFirst();
        OpenException worker = refusal(capture(1, List.of()), worker(2, List.of(first, 8_190, 8_191)));
        assertTrue(
                worker.getMessage()
                        .startsWith("worker w: cpu = [" + first + ", 8190, 8191]: CPUs 8190, 8191 cannot be used"),
                worker.getMessage());
    }

    private static OpenException refusal(CaptureConfig capture, WorkerConfig worker) {
        return assertThrows(
                OpenException.class,
                () -> Tap.open(capture, List.of(worker), () -> frame -> false).close());
    }

    @Test
    void shouldLeaveTheAskingThreadWhereItIs() throws Exception {
        List<Integer> cpus = some();
        int last = cpus.getLast();
        List<String> found = new ArrayList<>();
        Thread asking = Thread.ofPlatform().start(() -> {
            ThreadAffinity.bind(List.of(last));
            found.add(ThreadAffinity.problem(cpus).orElse("none"));
            found.add(anywhere());
        });
        asking.join();
        assertEquals(List.of("none", "" + last), found);
    }
}
