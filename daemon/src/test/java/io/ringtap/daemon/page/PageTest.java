package io.ringtap.daemon.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.daemon.config.value.AccessToken;
import io.ringtap.daemon.metrics.MetricsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page over HTTP, without a browser. */
class PageTest {
    private static final AccessToken TOKEN = new AccessToken("0123456789abcdef-token");

    private final AtomicInteger asked = new AtomicInteger();
    private final Page page = Page.open(
            () -> Looks.at(0, 0),
            question -> {
                asked.incrementAndGet();
                JsonObject answer = new JsonObject();
                answer.add("question", question);
                return answer;
            },
            Duration.ofDays(1));
    private final MetricsServer server = open(Optional.empty());

    private MetricsServer open(Optional<AccessToken> token) {
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            return MetricsServer.open(any, () -> Looks.at(0, 0).ledger(), page, token);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
        page.close();
    }

    private String get(String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Host: 127.0.0.1:" + server.address().getPort());
        return RawHttp.ask(server.address(), "GET " + path, all.toArray(String[]::new));
    }

    @Test
    void shouldServeEveryFileThatThePageNamesAndNothingElse() throws Exception {
        String index = get("/");
        assertEquals(200, RawHttp.status(index));
        List<String> wanted = new ArrayList<>();
        Matcher named = Pattern.compile("(?:href|src)=\"([^\"]+)\"").matcher(index);
        while (named.find()) {
            wanted.add(named.group(1));
        }
        assertEquals(4, wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            String file = get(wanted.get(i));
            assertEquals(200, RawHttp.status(file), wanted.get(i));
            Matcher imports =
                    Pattern.compile("(?m)^import .*\"\\./([A-Za-z]+\\.js)\";").matcher(file);
            while (imports.find()) {
                String path = "/page/" + imports.group(1);
                if (!wanted.contains(path)) {
                    wanted.add(path);
                }
            }
        }
        assertEquals(12, wanted.size(), wanted::toString);
        for (String other :
                List.of("/page/", "/page/look", "/page/../page/main.js", "/index.html", "/page/History.class")) {
            assertEquals(404, RawHttp.status(get(other)), other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:8080", "localhost", "[::1]:1", "127.0.0.1"})
    void shouldAnswerWhoAsksForWhatIsListenedOnOrForLoopback(String host) throws Exception {
        assertEquals(200, RawHttp.status(asking(host)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:PORT",
                "127.0.0.2:PORT",
                "localhost.evil.example",
                "",
                "127.0.0.1:PORT:1"
            })
    void shouldRefuseOtherNames(String host) throws Exception {
        String answer = asking(host);
        assertEquals(421, RawHttp.status(answer));
        assertFalse(answer.contains("<html"), answer);
    }

    private String asking(String host) throws Exception {
        return RawHttp.ask(
                server.address(),
                "GET /",
                "Host: "
                        + host.replace("PORT", Integer.toString(server.address().getPort())));
    }

    /** Whoever listens on all addresses is asked by the one that the request came to. */
    @Test
    void shouldAnswerByEachAddressThatItListensOn() throws Exception {
        InetSocketAddress any = new InetSocketAddress(0);
        try (MetricsServer everywhere =
                MetricsServer.open(any, () -> Looks.at(0, 0).ledger(), page, Optional.empty())) {
            int port = everywhere.address().getPort();
            InetSocketAddress second = new InetSocketAddress("127.0.0.2", port);
            assertEquals(200, RawHttp.status(RawHttp.ask(second, "GET /", "Host: 127.0.0.2:" + port)));
            assertEquals(421, RawHttp.status(RawHttp.ask(second, "GET /", "Host: 127.0.0.3:" + port)));
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,405", "PUT,405", "DELETE,405", "OPTIONS,405", "GET,200"})
    void shouldBeReadOnly(String method, int status) throws Exception {
        assertEquals(status, RawHttp.status(RawHttp.ask(server.address(), method + " /", "Host: localhost")));
    }

    @Test
    void shouldGiveOtherSitesNothing() throws Exception {
        assertEquals(403, RawHttp.status(get("/page/flows", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors")));
        assertEquals(0, asked.get());
        assertEquals(200, RawHttp.status(get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/main.js", "/page/flows", "/nothing"})
    void shouldForbidBrowsersAllThatThePageDoesNotDo(String path) throws Exception {
        List<String> headers =
                get(path).lines().takeWhile(line -> !line.isEmpty()).toList();
        for (String wanted : List.of(
                "Content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                        + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                        + " require-trusted-types-for 'script'",
                "X-content-type-options: nosniff",
                "X-frame-options: DENY",
                "Referrer-policy: no-referrer",
                "Cross-origin-resource-policy: same-origin",
                "Cross-origin-opener-policy: same-origin",
                "Cache-control: no-store")) {
            assertTrue(headers.contains(wanted), () -> wanted + " in " + headers);
        }
    }

    @Test
    void shouldAskTheHandlersForAllWhoAskAtATime() throws Exception {
        assertTrue(get("/page/recordings").contains("{\"ask\":\"recordings\"}"));
        String first = get("/page/flows");
        assertTrue(first.contains("{\"ask\":\"flows\",\"by\":\"bytes\",\"top\":20}"), first);
        int before = asked.get();
        assertTrue(before >= 1);
        long begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            get("/page/flows");
        }
        long most = (System.nanoTime() - begin) / 2_000_000_000 + 1;
        assertTrue(asked.get() - before <= most, "asked " + (asked.get() - before) + " times, at most " + most);
    }

    @Test
    void shouldServeSoManyStreamsAtATimeAndNoMore() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < Page.MOST; i++) {
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort());
                open.add(socket);
                socket.getOutputStream()
                        .write("GET /page/looks HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                assertEquals('H', socket.getInputStream().read(), "it is served");
            }
            String next = get("/page/looks");
            assertEquals(503, RawHttp.status(next));
            assertTrue(next.endsWith("16 pages are served already\n"), next);
            assertEquals(200, RawHttp.status(get("/")), "files are");
            assertEquals(200, RawHttp.status(get("/metrics")), "metrics are");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/main.js", "/page/looks", "/page/flows", "/page/recordings", "/metrics"})
    void shouldAskForTheTokenBeforeAnythingElse(String path) throws Exception {
        String right = Base64.getEncoder().encodeToString(("me:" + TOKEN.text()).getBytes(StandardCharsets.UTF_8));
        String wrong = Base64.getEncoder().encodeToString(("me:x" + TOKEN.text()).getBytes(StandardCharsets.UTF_8));
        server.token(Optional.of(TOKEN));
        String refused = get(path);
        assertEquals(401, RawHttp.status(refused));
        assertTrue(refused.contains("Www-authenticate: Basic realm=\"ringtap\", charset=\"UTF-8\""), refused);
        assertEquals(401, RawHttp.status(get(path, "Authorization: Basic " + wrong)));
        assertEquals(401, RawHttp.status(get(path, "Authorization: Basic no base64")));
        assertEquals(401, RawHttp.status(get(path, "Authorization: Bearer")));
        assertEquals(401, RawHttp.status(get(path, "Authorization: Bearer x" + TOKEN.text())));
        if (!path.equals("/page/looks")) { // which goes on
            assertEquals(200, RawHttp.status(get(path, "Authorization: Basic " + right)));
            assertEquals(200, RawHttp.status(get(path, "Authorization: bearer " + TOKEN.text())));
            server.token(Optional.empty());
            assertEquals(200, RawHttp.status(get(path)));
        }
    }

    @Test
    void shouldTellHealthToAnybody() throws Exception {
        server.token(Optional.of(TOKEN));
        assertEquals(200, RawHttp.status(get("/healthz")));
    }
}
