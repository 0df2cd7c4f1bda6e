package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CheckedHandlerTest {
    private static final String RULE =
            ": a frame is valid only until onFrame returns, on the thread that got it; frame.copy() keeps it";

    private final AtomicReference<Frame> kept = new AtomicReference<>();
    private final Frame frame = Frame.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0}, 100, 42, "uplink");

    @Test
    void shouldShowTheWholeFrameWhileItIsLent() throws Exception {
        CheckedHandler handler = new CheckedHandler("h", lent -> {
            assertEquals(14, lent.length());
            assertEquals(100, lent.originalLength());
            assertEquals(42, lent.timestampNanos());
            assertEquals("uplink", lent.captureName());
            assertEquals(2, lent.byteAt(1));
            assertEquals(0x0203, lent.unsignedShortAt(1));
            assertEquals(0x02030405, lent.intAt(1));
            assertEquals(0x0203040506070809L, lent.longAt(1));
            assertEquals(0x0800, lent.etherType());
            assertEquals(frame.flowHash(), lent.flowHash());
            assertArrayEquals(frame.toByteArray(), lent.toByteArray());
            kept.set(lent.copy());
        });
        handler.onFrame(frame);
        assertEquals(100, kept.get().originalLength());
        assertArrayEquals(frame.toByteArray(), kept.get().toByteArray());
        assertEquals(Optional.empty(), handler.misuse());
    }

    @Test
    void shouldTellOfEveryUseAfterTheFrameWasReturned() throws Exception {
        CheckedHandler handler = new CheckedHandler("h", kept::set);
        handler.onFrame(frame);
        List<Executable> uses = List.of(
                () -> kept.get().length(),
                () -> kept.get().originalLength(),
                () -> kept.get().timestampNanos(),
                () -> kept.get().captureName(),
                () -> kept.get().byteAt(0),
                () -> kept.get().unsignedByteAt(0),
                () -> kept.get().unsignedShortAt(0),
                () -> kept.get().intAt(0),
                () -> kept.get().longAt(0),
                () -> kept.get().copyTo(0, new byte[1], 0, 1),
                () -> kept.get().etherType(),
                () -> kept.get().flowHash(),
                () -> kept.get().toByteArray(),
                () -> kept.get().copy(),
                () -> kept.get().packet());
        List<BorrowedFrameException> thrown = new ArrayList<>();
        uses.forEach(use -> thrown.add(assertThrows(BorrowedFrameException.class, use)));
        assertEquals(
                "handler h used a borrowed frame after onFrame had returned" + RULE,
                thrown.getLast().getMessage());
        assertSame(thrown.getFirst(), handler.misuse().orElseThrow());
    }

    @Test
    void shouldTakeAFrameBackFromAHandlerThatThrows() {
        CheckedHandler handler = new CheckedHandler("h", lent -> {
            kept.set(lent);
            throw new IllegalArgumentException("on purpose");
        });
        assertThrows(IllegalArgumentException.class, () -> handler.onFrame(frame));
        assertThrows(BorrowedFrameException.class, () -> kept.get().length());
    }

    @Test
    void shouldTellOfAUseOnAnotherThreadWhileTheFrameIsStillLent() throws Exception {
        CheckedHandler handler = new CheckedHandler("h", lent -> {
            CompletionException thrown = assertThrows(
                    CompletionException.class,
                    () -> CompletableFuture.runAsync(
                                    lent::length,
                                    task -> Thread.ofPlatform().name("other").start(task))
                            .join());
            assertEquals(
                    "handler h used a borrowed frame on thread other" + RULE,
                    thrown.getCause().getMessage());
        });
        handler.onFrame(frame);
        assertTrue(handler.misuse().isPresent());
    }

    @Test
    void shouldPassOnTheRestOfAHandlersLife() throws Exception {
        List<String> calls = new ArrayList<>();
        CheckedHandler handler = new CheckedHandler("h", new FrameHandler() {
            @Override
            public void onStart(HandlerContext context) {
                calls.add("start");
            }

            @Override
            public void onFrame(Frame lent) {
                calls.add("frame");
            }

            @Override
            public void onBatchEnd() {
                calls.add("batch end");
            }

            @Override
            public void onIdle() {
                calls.add("idle");
            }

            @Override
            public void onStop() {
                calls.add("stop");
            }
        });
        handler.onStart(null);
        handler.onFrame(frame);
        handler.onBatchEnd();
        handler.onIdle();
        handler.onStop();
        assertEquals(List.of("start", "frame", "batch end", "idle", "stop"), calls);
    }

    @Test
    void shouldLetASieveChooseAndTakeTheFrameBack() throws Exception {
        FrameSieve sieve = lent -> {
            kept.set(lent);
            return lent.length() == 0;
        };
        CheckedHandler handler = new CheckedHandler("h", sieve);
        assertFalse(handler.passes(frame));
        assertThrows(BorrowedFrameException.class, () -> kept.get().length());
        assertTrue(new CheckedHandler("h", lent -> {}).passes(frame), "what cannot choose lets pass");
    }
}
