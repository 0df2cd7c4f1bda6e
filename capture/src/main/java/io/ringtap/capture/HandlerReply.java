package io.ringtap.capture;

import java.util.concurrent.CompletableFuture;

/**
 * The question that one handler instance was asked, and its answer to come.
 *
 * @param worker the worker's name
 * @param capture the capture's name
 * @param type the handler's type
 * @param thread the instance's thread
 * @param text a JSON value; ends with an IllegalArgumentException if a parameter cannot be used, with another exception if
 *     the handler failed or has ended. Ended from outside, it is not worked on any more
 */
public record HandlerReply(String worker, String capture, String type, int thread, CompletableFuture<String> text) {}
