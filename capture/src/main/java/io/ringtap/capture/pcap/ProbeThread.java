package io.ringtap.capture.pcap;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A thread that tries what changes the thread that does it, so that the caller's own stays as it is. */
final class ProbeThread {
    private ProbeThread() {}

    /** Returns what a thread of this name answers; the question must not throw. Any thread; takes microseconds. */
    static <T> T ask(String name, Supplier<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        Thread probe = Thread.ofPlatform().name(name).daemon().start(() -> answer.set(question.get()));
        boolean interrupted = false;
        while (probe.isAlive()) {
            try {
                probe.join();
            } catch (InterruptedException e) {
                interrupted = true; // it takes microseconds
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return answer.get();
    }
}
