package io.ringtap.capture.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.HandlerReply;
import io.ringtap.frame.Answer;
import io.ringtap.frame.FrameHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a worker thread does with questions, without the thread. */
class QueryQueueTest {
    private static final int SLICES = 3;

    /** Answers with its parameters, after some slices. */
    private static Answer.Slices echo(Map<String, String> parameters) {
        int[] done = {0};
        return () -> ++done[0] < SLICES ? Optional.empty() : Optional.of(parameters.toString());
    }

    private static QueryQueue questions(Answer answer) {
        QueryQueue questions = new QueryQueue();
        FrameHandler handler = frame -> {};
        new HandlerInstance(
                        "h",
                        handler,
                        FedRing.facts("uplink"),
                        "w",
                        0,
                        1,
                        new HandlerTable(true),
                        Map.of(),
                        () -> _ -> false,
                        new HandlerLog("h", System::nanoTime),
                        questions)
                .answer("name", answer);
        return questions;
    }

    private static String failure(HandlerReply reply) {
        return assertThrows(CompletionException.class, () -> reply.text().join())
                .getCause()
                .getMessage();
    }

    @Test
    void shouldAnswerOneAfterTheOtherASliceAtATime() {
        QueryQueue questions = questions(QueryQueueTest::echo);
        HandlerReply first = questions.ask("name", Map.of("n", "1")).getFirst();
        HandlerReply second = questions.ask("name", Map.of("n", "2")).getFirst();
        assertEquals(List.of(), questions.ask("other", Map.of()));
        for (int slice = 0; slice < SLICES; slice++) {
            assertFalse(first.text().isDone());
            questions.work();
        }
        assertEquals("{n=1}", first.text().join());
        assertFalse(second.text().isDone());
        assertTrue(questions.isAsked());
        for (int slice = 0; slice < SLICES; slice++) {
            questions.work();
        }
        assertEquals("{n=2}", second.text().join());
        assertFalse(questions.isAsked());
    }

    @Test
    void shouldTellWhatAHandlerThrowsAndGoOn() {
        QueryQueue questions = questions(parameters -> {
            if (parameters.isEmpty()) {
                throw new IllegalArgumentException("no parameter");
            }
            return echo(parameters);
        });
        HandlerReply refused = questions.ask("name", Map.of()).getFirst();
        HandlerReply answered = questions.ask("name", Map.of("n", "2")).getFirst();
        while (questions.isAsked()) {
            questions.work();
        }
        assertEquals("no parameter", failure(refused));
        assertEquals("{n=2}", answered.text().join());
    }

    @Test
    void shouldRefuseMoreThanEightThatWaitAndForgetThoseThatNobodyWaitsFor() {
        QueryQueue questions = questions(QueryQueueTest::echo);
        HandlerReply first = questions.ask("name", Map.of()).getFirst();
        for (int i = 1; i < 8; i++) {
            assertFalse(questions.ask("name", Map.of()).getFirst().text().isDone());
        }
        assertEquals(
                "too many questions wait for it already",
                failure(questions.ask("name", Map.of()).getFirst()));
        first.text().cancel(false);
        assertFalse(questions.ask("name", Map.of()).getFirst().text().isDone());
    }

    @Test
    void shouldLeaveAnAnswerThatNobodyWaitsFor() {
        QueryQueue questions = questions(QueryQueueTest::echo);
        HandlerReply given = questions.ask("name", Map.of()).getFirst();
        HandlerReply next = questions.ask("name", Map.of("n", "2")).getFirst();
        questions.work();
        given.text().cancel(false);
        for (int slice = 0; slice < 1 + SLICES; slice++) {
            questions.work();
        }
        assertEquals("{n=2}", next.text().join());
    }

    @Test
    void shouldEndWhatWaitsWithTheHandlersAndAnswerNothingAfter() {
        QueryQueue questions = questions(QueryQueueTest::echo);
        HandlerReply begun = questions.ask("name", Map.of()).getFirst();
        HandlerReply waiting = questions.ask("name", Map.of()).getFirst();
        questions.work();
        questions.end();
        assertEquals("it has ended", failure(begun));
        assertEquals("it has ended", failure(waiting));
        assertEquals(List.of(), questions.ask("name", Map.of()));
        assertFalse(questions.isAsked());
    }
}
