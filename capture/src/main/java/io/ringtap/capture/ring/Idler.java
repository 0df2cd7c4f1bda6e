package io.ringtap.capture.ring;

import java.util.concurrent.locks.LockSupport;

/** The clock that a capture thread waits by, and how it lets time pass. */
interface Idler {
    /** The system's. */
    Idler SYSTEM = new Idler() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
            LockSupport.parkNanos(nanos);
        }
    };

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** As {@link LockSupport#parkNanos(long)}. */
    void park(long nanos);
}
