package io.ringtap.daemon.page;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.ringtap.frame.AddressText;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Lets pass what a page of this daemon itself asks for, and marks each answer as one that no other page may use. A page of the
 * network can have its own name resolve to this machine (DNS rebinding): its requests carry that name. Any thread.
 */
public final class OwnPageFilter extends Filter {
    /** By any port: one may come through a tunnel. */
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]+)?");

    private final InetSocketAddress listened;

    /** One for what was listened on. */
    public OwnPageFilter(InetSocketAddress listened) {
        this.listened = listened;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        String host = header(exchange, "Host");
        if (!isOwn(host, exchange.getLocalAddress())) {
            Answer.text(
                    exchange, 421, "this is not " + printable(host) + ": ask by the address that metrics.listen has\n");
        } else if (header(exchange, "Sec-Fetch-Site").equals("cross-site")
                && !header(exchange, "Sec-Fetch-Mode").equals("navigate")) {
            Answer.text(exchange, 403, "not for other sites\n");
        } else if (!exchange.getRequestMethod().equals("GET")) {
            headers.set("Allow", "GET");
            Answer.text(exchange, 405, "read only\n");
        } else {
            chain.doFilter(exchange);
        }
    }

    /** Where any address is listened on, it is the one that the request came to. */
    private boolean isOwn(String host, InetSocketAddress local) {
        String name = host.toLowerCase(Locale.ROOT);
        return LOOPBACK.matcher(name).matches()
                || name.equals(authority(local))
                || name.equals(listened.getHostString().toLowerCase(Locale.ROOT) + ":" + listened.getPort());
    }

    private static String authority(InetSocketAddress address) {
        String text = AddressText.of(address.getAddress());
        return (address.getAddress() instanceof Inet6Address ? "[" + text + "]" : text) + ":" + address.getPort();
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static String printable(String text) {
        return text.replaceAll("[^!-~]", "?");
    }

    @Override
    public String description() {
        return "keeps other sites out";
    }
}
