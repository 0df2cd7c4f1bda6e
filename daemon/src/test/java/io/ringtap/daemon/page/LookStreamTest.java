package io.ringtap.daemon.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.ringtap.daemon.control.StatsJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The events that a browser is sent. */
class LookStreamTest {
    private final History history = new History(Looks.at(0, 0));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        serve(Duration.ofMinutes(5));
    }

    private void serve(Duration longest) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", new LookStream(history, longest));
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** A browser's side of a stream. */
    private final class Browser implements AutoCloseable {
        private final Socket socket =
                new Socket(server.getAddress().getAddress(), server.getAddress().getPort());
        private final BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        private String id = "";

        Browser(String lastId) throws IOException {
            String last = lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n";
            socket.getOutputStream()
                    .write(("GET / HTTP/1.0\r\nHost: localhost\r\n" + last + "\r\n").getBytes(StandardCharsets.UTF_8));
            while (!lines.readLine().isEmpty()) {
                // headers
            }
        }

        /** The data of the next event, which must be of a kind. */
        JsonObject event(String kind) throws IOException {
            String name = "";
            String data = "";
            for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                name = line.startsWith("event: ") ? line.substring(7) : name;
                data = line.startsWith("data: ") ? line.substring(6) : data;
                id = line.startsWith("id: ") ? line.substring(4) : id;
            }
            assertEquals(kind, name);
            return JsonParser.parseString(data).getAsJsonObject();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void shouldGiveThePastAndThenEachLookThatComes() throws Exception {
        history.add(Looks.at(1, 10));
        try (Browser browser = new Browser("")) {
            JsonObject past = browser.event("past");
            assertEquals(
                    "[" + Looks.START.plusSeconds(1).toEpochMilli() + "]",
                    past.get("times").toString());
            assertTrue(
                    past.get("lines").toString().startsWith("[[\"frames\",\"uplink received\",[10]],"), past::toString);
            history.add(Looks.at(2, 30));
            JsonObject now = browser.event("now");
            assertEquals(StatsJson.write(Looks.at(2, 30)), now.get("stats"), "the same as stats --json");
            assertEquals(
                    "[\"frames\",\"uplink received\",20]",
                    now.getAsJsonArray("readings").get(0).toString());
        }
    }

    @Test
    void shouldGoOnWhereABrowserWas() throws Exception {
        history.add(Looks.at(1, 10));
        String id;
        try (Browser browser = new Browser("")) {
            browser.event("past");
            id = browser.id;
        }
        history.add(Looks.at(2, 30));
        history.add(Looks.at(3, 60));
        try (Browser again = new Browser(id)) {
            assertEquals(2, again.event("past").getAsJsonArray("times").size());
        }
        try (Browser ofAnotherRun = new Browser("x" + id)) {
            assertEquals(3, ofAnotherRun.event("past").getAsJsonArray("times").size());
        }
        try (Browser broken = new Browser("-1-1-1-99999999999999999999999")) {
            assertEquals(3, broken.event("past").getAsJsonArray("times").size());
        }
    }

    @Test
    void shouldEndByItselfSoThatTheBrowserComesBack() throws Exception {
        server.stop(0);
        serve(Duration.ZERO);
        history.add(Looks.at(1, 10));
        try (Browser browser = new Browser("")) {
            browser.event("past");
            assertNull(browser.lines.readLine());
        }
    }
}
