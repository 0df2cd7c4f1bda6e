package io.ringtap.inject.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.stream.InjectRing.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD) // the main loop spins: an interrupt would not end it
class InjectRingTest {
    @Test
    void shouldGiveFramesInOrderAndRefuseTheOneTooMany() {
        InjectRing ring = new InjectRing(4);
        byte[][] frames = {{0}, {1}, {2}, {3}, {4}};
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertEquals(Offer.TAKEN, ring.offer(frames[i]));
            }
            assertEquals(Offer.FULL, ring.offer(frames[4]));
            assertEquals(4, ring.size());
            for (int i = 0; i < 4; i++) {
                assertTrue(ring.isReady());
                assertSame(frames[i], ring.poll());
            }
            assertNull(ring.poll());
            assertEquals(0, ring.size());
        }
    }

    @Test
    void shouldKeepWhatItHasWhenClosedAndRefuseMore() {
        InjectRing ring = new InjectRing(4);
        byte[] frame = {1};
        assertEquals(Offer.TAKEN, ring.offer(frame));
        ring.close();
        ring.close();
        assertEquals(Offer.CLOSED, ring.offer(frame));
        assertEquals(1, ring.size());
        assertSame(frame, ring.poll());
        assertEquals(0, ring.size());
        assertEquals(Offer.CLOSED, ring.offer(frame));
    }

    @Test
    void shouldLoseNoFrameBetweenManyProducersAndAClose() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            InjectRing ring = new InjectRing(8);
            AtomicLong taken = new AtomicLong();
            List<Thread> producers = new ArrayList<>();
            for (int p = 0; p < 2; p++) {
                producers.add(Thread.ofPlatform().daemon().start(() -> produce(ring, taken)));
            }
            long polled = 0;
            while (polled < 1000) {
                polled += poll(ring);
            }
            ring.close();
            while (ring.size() > 0) {
                polled += poll(ring);
            }
            for (Thread producer : producers) {
                producer.join();
            }
            assertEquals(taken.get(), polled);
            assertNull(ring.poll());
        }
    }

    private static int poll(InjectRing ring) {
        if (ring.poll() != null) {
            return 1;
        }
        LockSupport.parkNanos(1);
        return 0;
    }

    private static void produce(InjectRing ring, AtomicLong taken) {
        byte[] frame = {1};
        Offer offer;
        while ((offer = ring.offer(frame)) != Offer.CLOSED) {
            if (offer == Offer.TAKEN) {
                taken.incrementAndGet();
            } else {
                LockSupport.parkNanos(1);
            }
        }
    }
}
