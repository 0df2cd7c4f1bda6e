package io.ringtap.daemon;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.InjectLoops.Opened;
import io.ringtap.daemon.control.ReloadReport.Change;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change of the captures and streams that run. What is new is opened beside what runs; filters are swapped; what has changed, or
 * is gone, is stopped and drained; what is new is made ready; and only then, when nothing can fail any more, does it begin. If
 * something fails before, the former configuration goes on; captures that had been stopped are opened again, and have missed the
 * frames in between.
 *
 * <p>Handlers may hold what only one can have, such as a folder of recordings. So those that are new are started when those
 * before them have ended; if one of them then cannot start, the captures that were stopped for it are opened again.
 */
final class Reload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.reload");

    private final Captures captures;
    private final InjectLoops injects;
    private final ConfigChange change;
    private final List<Tap> opened = new ArrayList<>();
    private final List<Tap> refiltered = new ArrayList<>();
    private final Opened streams;

    private Reload(Captures captures, InjectLoops injects, ConfigChange change)
            throws OpenException, InterruptedException {
        this.captures = captures;
        this.injects = injects;
        this.change = change;
        List<String> streamsToOpen = ConfigChange.named(change.streams(), Change.STARTED, Change.RESTARTED);
        streams = injects.open(
                change.after().injects().stream()
                        .filter(stream -> streamsToOpen.contains(stream.name()))
                        .toList(),
                change.after().captures());
    }

    /** Opens what is new. @throws OpenException if that fails: nothing has changed */
    static Reload open(Captures captures, InjectLoops injects, ConfigChange change)
            throws OpenException, InterruptedException {
        Reload reload = new Reload(captures, injects, change);
        try {
            for (CaptureConfig capture : captures(change.after(), reload.named(Change.STARTED, Change.RESTARTED))) {
                reload.opened.add(reload.open(capture, change.after()));
            }
            return reload;
        } catch (OpenException | RuntimeException | Error e) {
            reload.close();
            throw e;
        }
    }

    private static List<CaptureConfig> captures(DaemonConfig config, List<String> names) {
        return config.captures().stream()
                .filter(capture -> names.contains(capture.name()))
                .toList();
    }

    private List<String> named(Change... changes) {
        return ConfigChange.named(change.captures(), changes);
    }

    private Tap open(CaptureConfig capture, DaemonConfig config) throws OpenException {
        return captures.open(capture, config.workers(), injects);
    }

    /**
     * Does it. What ends has the time of a stop to be drained.
     *
     * @throws OpenException if a handler cannot be started, or a filter not be changed: the former configuration goes on,
     *     with captures that had to be stopped opened again
     */
    void switchOver() throws OpenException, InterruptedException {
        List<String> leaving = named(Change.ENDED, Change.RESTARTED);
        try {
            refilter();
            captures(change.before(), named(Change.RESTARTED))
                    .forEach(capture -> captures.running(capture.name()).handOnSpills());
            captures.end(
                    leaving.stream().map(captures::running).toList(),
                    change.before().stopTimeout());
            for (Tap tap : opened) {
                tap.accept();
            }
        } catch (OpenException | RuntimeException | Error e) {
            refilterBack();
            List<String> again = putBack(leaving);
            if (again.isEmpty()) {
                throw e;
            }
            throw new OpenException(
                    OpenException.Reason.OTHER,
                    e.getMessage() + "; " + String.join(", ", again)
                            + " had been stopped for it: opened again, without what came meanwhile");
        }
        opened.forEach(captures::add); // whatever happens now, what they have accepted counts
        captures.order(change.after().captures());
        injects.limit(change.after().limits());
        try { // before the first frame: a handler may want a new stream for it
            streams.begin(ConfigChange.named(change.streams(), Change.ENDED, Change.RESTARTED));
        } finally {
            for (Tap tap : opened) {
                tap.start();
            }
            opened.clear();
        }
    }

    private void refilter() throws OpenException {
        for (CaptureConfig capture : captures(change.after(), named(Change.FILTERED))) {
            Tap tap = captures.running(capture.name());
            tap.filter(capture.filter());
            refiltered.add(tap);
        }
    }

    private void refilterBack() {
        for (Tap tap : refiltered) {
            CaptureConfig former =
                    captures(change.before(), List.of(tap.config().name())).getFirst();
            try {
                tap.filter(former.filter());
            } catch (OpenException e) {
                LOG.error("capture {} goes on with the new filter: {}", former.name(), e.getMessage());
            }
        }
    }

    /** Opens captures again that were stopped, from the former configuration; those that were. */
    private List<String> putBack(List<String> stopped) throws InterruptedException {
        closeOpened(); // its handlers hold what the former ones need
        List<String> again = new ArrayList<>();
        List<String> running =
                captures.running().stream().map(tap -> tap.config().name()).toList();
        for (CaptureConfig capture : captures(change.before(), stopped)) {
            if (running.contains(capture.name())) {
                continue; // it had not come to be stopped
            }
            again.add(capture.name());
            Tap tap = null;
            try {
                tap = open(capture, change.before());
                tap.accept();
                captures.add(tap);
                tap.start();
            } catch (OpenException | RuntimeException | Error e) {
                captures.fail();
                LOG.error("capture {} could not be opened again: {}", capture.name(), e.getMessage());
                if (tap != null) {
                    tap.close();
                }
            }
        }
        captures.order(change.before().captures());
        return again;
    }

    private void closeOpened() {
        opened.reversed().forEach(Tap::close);
        opened.clear();
    }

    /** Closes what was opened and has not begun, and what is not used any more. */
    @Override
    public void close() {
        closeOpened();
        injects.keepSenders(captures.interfaces());
        streams.close();
    }
}
