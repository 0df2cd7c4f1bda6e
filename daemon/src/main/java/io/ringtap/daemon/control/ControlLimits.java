package io.ringtap.daemon.control;

import java.time.Duration;

/**
 * The limits of what one client may take of the daemon.
 *
 * @param clients connections at a time
 * @param requestBytes a request, its newline not counted
 * @param answerBytes an answer, its newline not counted
 * @param request from a request's first byte to its newline
 * @param call from a request to its answer
 * @param answer from the answer to its last byte taken by the client
 * @param idle without either
 * @param acceptPause before the next try after a connection could not be accepted
 */
record ControlLimits(
        int clients,
        int requestBytes,
        int answerBytes,
        Duration request,
        Duration call,
        Duration answer,
        Duration idle,
        Duration acceptPause) {
    static final ControlLimits STANDARD = new ControlLimits(
            32,
            64 * 1024,
            16 * 1024 * 1024,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMillis(500));

    /** A limit as messages give it: {@code 5 s}, {@code 300 ms}. */
    static String text(Duration limit) {
        return limit.toMillisPart() == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
