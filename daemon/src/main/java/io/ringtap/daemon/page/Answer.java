package io.ringtap.daemon.page;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A whole answer to a request. */
final class Answer {
    private static final String TEXT = "text/plain; charset=utf-8";

    private Answer() {}

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        bytes(exchange, status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
