package io.ringtap.daemon.page;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.ringtap.daemon.config.value.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets pass who knows the token, where there is one: {@code Authorization: Bearer TOKEN}, or, as a browser asks for it, a password
 * with any user's name. Any thread.
 */
public final class AccessFilter extends Filter {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private volatile Optional<AccessToken> token;

    /** One for a token; absent, everybody passes. */
    public AccessFilter(Optional<AccessToken> token) {
        this.token = token;
    }

    /** Has another token count, from the next request on. */
    public void token(Optional<AccessToken> other) {
        token = other;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        if (token.isEmpty() || token.get().is(given(exchange))) {
            chain.doFilter(exchange);
            return;
        }
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"ringtap\", charset=\"UTF-8\"");
        exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"ringtap\"");
        Answer.text(
                exchange,
                401,
                "the token of metrics.token-file is needed, as a bearer token or as the password of any user\n");
    }

    private static String given(HttpExchange exchange) {
        String header = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return header.substring(BEARER.length()).strip();
        }
        if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            try {
                byte[] pair = Base64.getDecoder()
                        .decode(header.substring(BASIC.length()).strip());
                String text = new String(pair, StandardCharsets.UTF_8);
                return text.substring(text.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return "";
    }

    @Override
    public String description() {
        return "asks for the token";
    }
}
