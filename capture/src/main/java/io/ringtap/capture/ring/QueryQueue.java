package io.ringtap.capture.ring;

import io.ringtap.capture.HandlerReply;
import io.ringtap.frame.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The questions to the handlers of one worker thread. Any thread asks; the handlers' thread answers between batches, a short
 * slice of one answer at a time.
 */
final class QueryQueue {
    private static final int MOST_WAITING = 8;

    private final List<Registered> registered = new CopyOnWriteArrayList<>();
    private final Queue<Question> waiting = new ConcurrentLinkedQueue<>();
    private boolean ended;

    // The handlers' thread's own.
    private Question current;
    private Answer.Slices slices;

    private record Registered(String name, HandlerInstance instance, Answer answer) {}

    private record Question(Answer answer, Map<String, String> parameters, CompletableFuture<String> reply) {}

    /** A handler answers to a name. */
    void register(String name, HandlerInstance instance, Answer answer) {
        registered.add(new Registered(name, instance, answer));
    }

    /** Asks those that answer to a name; any thread. */
    synchronized List<HandlerReply> ask(String name, Map<String, String> parameters) {
        List<HandlerReply> replies = new ArrayList<>();
        for (Registered each : registered) {
            if (each.name().equals(name) && !ended) {
                CompletableFuture<String> reply = new CompletableFuture<>();
                enqueue(new Question(each.answer(), parameters, reply));
                HandlerInstance h = each.instance();
                replies.add(new HandlerReply(h.workerName(), h.captureName(), h.type(), h.thread(), reply));
            }
        }
        return replies;
    }

    private void enqueue(Question question) {
        waiting.removeIf(other -> other.reply().isDone()); // nobody waits for it any more
        if (waiting.size() >= MOST_WAITING) {
            question.reply().completeExceptionally(new IllegalStateException("too many questions wait for it already"));
        } else {
            waiting.add(question);
        }
    }

    /** Returns whether there is something to answer. */
    boolean isAsked() {
        return current != null || !waiting.isEmpty();
    }

    /** Works on an answer for a short time, if one is asked for. */
    void work() {
        if (current == null) {
            current = waiting.poll();
            if (current == null) {
                return;
            }
        }
        Question question = current;
        if (question.reply().isDone()) {
            next();
            return;
        }
        try {
            if (slices == null) {
                slices = question.answer().begin(question.parameters());
            }
            Optional<String> text = slices.next();
            if (text.isPresent()) {
                next();
                question.reply().complete(text.get());
            }
        } catch (Throwable e) { // somebody's code: what it throws is the asker's to know
            next();
            question.reply().completeExceptionally(e);
        }
    }

    private void next() {
        current = null;
        slices = null;
    }

    /** The handlers have ended: nothing is answered any more. */
    synchronized void end() {
        ended = true;
        IllegalStateException end = new IllegalStateException("it has ended");
        if (current != null) {
            current.reply().completeExceptionally(end);
            next();
        }
        waiting.forEach(question -> question.reply().completeExceptionally(end));
        waiting.clear();
    }
}
