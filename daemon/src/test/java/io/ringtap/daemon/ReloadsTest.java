package io.ringtap.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

/** One reload after the other, of configurations that are taken as the test wants. */
class ReloadsTest {
    private static final DaemonConfig CONFIG =
            new DaemonConfig(List.of(), List.of(), List.of(), Path.of("c.sock"), Optional.empty());
    private static final ReloadReport REPORT = new ReloadReport(List.of(), List.of(), List.of("metrics.listen"));

    private final List<String> watched = new CopyOnWriteArrayList<>();
    private final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final AtomicInteger taken = new AtomicInteger();
    private volatile CountDownLatch taking = new CountDownLatch(0);
    private volatile Optional<ReloadRefusedException> refusal = Optional.empty();
    private final Reloads reloads = new Reloads(
            this::read,
            config -> {
                taken.incrementAndGet();
                taking.await();
                return REPORT;
            },
            outcome -> outcomes.add(outcome.done() + " " + outcome.askedBy() + ": " + outcome.text()));

    private DaemonConfig read() throws ReloadRefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return CONFIG;
    }

    @Test
    void shouldTellOfItsBeginAndEndWhetherItIsDoneOrRefused() throws Exception {
        reloads.watch(() -> watched.add("begin " + reloads.underWay()), () -> watched.add("end"));
        reloads.begin();
        assertEquals(REPORT, reloads.reload("test"));
        refusal = Optional.of(new ReloadRefusedException(Reason.BAD_CONFIGURATION, List.of("f:1:2: a", "f:3:4: b")));
        ReloadRefusedException refused = assertThrows(ReloadRefusedException.class, () -> reloads.reload("test"));
        assertEquals(List.of("f:1:2: a", "f:3:4: b"), refused.problems());
        assertEquals(List.of("begin true", "end", "begin true", "end"), watched);
        assertEquals(List.of("true test: metrics.listen is changed", "false test: f:1:2: a; f:3:4: b"), outcomes);
        assertEquals(1, taken.get());
        assertFalse(reloads.underWay());
    }

    @Test
    void shouldWaitUntilTheDaemonRuns() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        reloads.request("SIGHUP");
        VethPair.await(() -> taken.get() > 0 || isReloadWaiting(before));
        assertEquals(0, taken.get());
        reloads.begin();
        VethPair.await(() -> taken.get() == 1);
    }

    private static boolean isReloadWaiting(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("reload") && !before.contains(thread))
                .anyMatch(thread -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void shouldMakeOneOfAStormOfSignalsThatCameDuringAReload() throws Exception {
        reloads.begin();
        taking = new CountDownLatch(1);
        reloads.request("SIGHUP");
        VethPair.await(() -> taken.get() == 1);
        for (int i = 0; i < 10_000; i++) {
            reloads.request("SIGHUP");
        }
        taking.countDown();
        VethPair.await(() -> taken.get() == 2);
        reloads.reload("test"); // behind whatever waits
        assertEquals(3, taken.get());
    }

    @Test
    void shouldHaveTheOneUnderWayEndWithTheDaemonAndNoneFollow() {
        reloads.begin();
        taking = new CountDownLatch(1);
        reloads.request("SIGHUP");
        VethPair.await(() -> taken.get() == 1);
        reloads.end();
        assertFalse(reloads.underWay());
        ReloadRefusedException refused = assertThrows(ReloadRefusedException.class, () -> reloads.reload("test"));
        assertEquals(List.of("the daemon is stopping"), refused.problems());
        assertEquals(1, taken.get());
    }

    @Test
    void shouldRefuseThoseThatWaitForAStartThatFails() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Thread asking = Thread.ofPlatform().start(() -> {
            try {
                reloads.reload("test");
            } catch (ReloadRefusedException e) {
                told.addAll(e.problems());
            }
        });
        reloads.end();
        asking.join();
        assertEquals(List.of("the daemon is stopping"), told);
    }

    @Test
    void shouldLeaveARecordForFlightRecorder() throws Exception {
        List<RecordedEvent> events = new CopyOnWriteArrayList<>();
        try (RecordingStream stream = new RecordingStream()) {
            stream.enable("io.ringtap.Reload");
            stream.onEvent("io.ringtap.Reload", events::add);
            stream.setReuse(false);
            stream.startAsync();
            reloads.begin();
            reloads.reload("user root");
            refusal = Optional.of(new ReloadRefusedException(Reason.BAD_CONFIGURATION, List.of("f:1:2: a")));
            assertThrows(ReloadRefusedException.class, () -> reloads.reload("SIGHUP"));
            stream.stop();
        }
        assertEquals(
                List.of("user root done metrics.listen is changed", "SIGHUP refused f:1:2: a"),
                events.stream()
                        .map(e -> e.getString("askedBy") + " " + e.getString("outcome") + " " + e.getString("changes"))
                        .toList());
    }
}
