package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.capture.HandlerReply;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asking handlers, over a real socket; the handlers answer when the test says. */
class HandlersCallTest extends ControlServerFixture {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final CompletableFuture<String> second = new CompletableFuture<>();

    private Path socket;

    @BeforeEach
    void open() throws Exception {
        open(Duration.ofHours(1));
    }

    private void open(Duration patience) throws ControlException {
        socket = open(ControlLimits.STANDARD, Map.of("handlers", HandlersCall.call(this::ask, patience)), Map.of());
    }

    private List<HandlerReply> ask(String name, Map<String, String> parameters) {
        asked.add(name + parameters);
        return List.of(
                new HandlerReply("w", "uplink", "flows", 0, first), new HandlerReply("w", "other", "flows", 1, second));
    }

    private String call(String... fields) throws ControlException {
        JsonObject request = new JsonObject();
        for (int i = 0; i < fields.length; i += 2) {
            request.addProperty(fields[i], fields[i + 1]);
        }
        return client(socket).call("handlers", request).toString();
    }

    private String refusal(String... fields) {
        return assertThrows(ControlException.class, () -> call(fields))
                .getMessage()
                .replace("the daemon at " + socket + " ", "");
    }

    @Test
    void shouldGiveWhatEachInstanceAnswers() throws Exception {
        first.complete("{\"n\":1}");
        second.complete("[2]");
        assertEquals(
                "{\"answers\":[{\"worker\":\"w\",\"capture\":\"uplink\",\"type\":\"flows\",\"thread\":0,\"answer\":{\"n\":1}},"
                        + "{\"worker\":\"w\",\"capture\":\"other\",\"type\":\"flows\",\"thread\":1,\"answer\":[2]}]}",
                call("ask", "flows", "top", "3", "by", "bytes"));
        assertEquals(List.of("flows{by=bytes, top=3}"), asked);
    }

    @Test
    void shouldWaitForNoInstanceThatWasNotAskedFor() throws Exception {
        second.complete("2");
        assertTrue(call("ask", "flows", "capture", "other").contains("\"answer\":2}]"));
        assertTrue(first.isCancelled()); // its handler need not go on
        assertEquals("{\"answers\":[]}", call("ask", "flows", "worker", "nobody"));
    }

    @Test
    void shouldNameAnInstanceThatDoesNotAnswer() throws Exception {
        server.close();
        open(Duration.ofMillis(50));
        first.complete("1");
        assertEquals(
                "refused: handler flows of worker w on capture other, thread 1: no answer within 50 ms: "
                        + "it is busy or blocked; ringtap stats shows how far it is behind",
                refusal("ask", "flows"));
        assertTrue(second.isCancelled());
    }

    @Test
    void shouldGiveUpBeforeTheClientDoes() {
        assertTrue(HandlersCall.PATIENCE.compareTo(ControlClient.PATIENCE) < 0);
        assertTrue(HandlersCall.PATIENCE.compareTo(ControlLimits.STANDARD.call()) < 0);
    }

    @Test
    void shouldTellWhatAHandlerRefuses() {
        first.completeExceptionally(new IllegalArgumentException("top must be a number"));
        assertEquals(
                "refused: handler flows of worker w on capture uplink, thread 0: top must be a number",
                refusal("ask", "flows"));
    }

    @Test
    void shouldTellAnAnswerThatIsNoJson() {
        second.complete("no JSON {");
        assertEquals(
                "refused: handler flows of worker w on capture other, thread 1: its answer is no JSON",
                refusal("ask", "flows", "capture", "other"));
    }

    @Test
    void shouldRefuseAQuestionWithoutAName() {
        assertEquals("refused: ask must be a string: what handlers answer to", refusal());
        assertEquals(List.of(), asked);
    }

    /** As many as there may be at a time, less the one that is served meanwhile. */
    @Test
    void shouldServeOthersWhileHandlersDoNotAnswer() throws Exception {
        int waiting = ControlLimits.STANDARD.clients() - 1;
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < waiting; i++) {
                RawClient client = new RawClient(socket);
                clients.add(client);
                client.send("{\"version\":1,\"call\":\"handlers\",\"ask\":\"flows\",\"worker\":\"w\"}\n");
            }
            VethPair.await(() -> asked.size() == waiting);
            assertTrue(answers(socket));
            first.complete("1");
            second.complete("2");
            for (RawClient client : clients) {
                assertTrue(client.line().contains("\"ok\":true"));
                assertTrue(client.ask("{\"version\":1,\"call\":\"ping\"}").contains("\"ok\":true"));
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
