package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSendEachMessageWholeToAPath() throws IOException {
        String address = folder.resolve("notify").toString();
        try (NotifyReceiver systemd = new NotifyReceiver(address);
                NotifySocket socket = NotifySocket.open(address)) {
            socket.send("READY=1\nSTATUS=350,000 frames/s, µs");
            socket.send("WATCHDOG=1");
            assertEquals("READY=1|STATUS=350,000 frames/s, µs", systemd.next());
            assertEquals("WATCHDOG=1", systemd.next());
        }
    }

    @Test
    void shouldSendToAnAbstractName() throws IOException {
        String address = "@ringtap-test-" + UUID.randomUUID();
        try (NotifyReceiver systemd = new NotifyReceiver(address);
                NotifySocket socket = NotifySocket.open(address)) {
            socket.send("READY=1");
            assertEquals("READY=1", systemd.next());
        }
    }

    @Test
    void shouldSendToThePathWithTheMostBytesThereCanBe() throws IOException {
        String address =
                folder.resolve("n".repeat(106 - folder.toString().length())).toString();
        assertEquals(107, address.length());
        try (NotifyReceiver systemd = new NotifyReceiver(address);
                NotifySocket socket = NotifySocket.open(address)) {
            socket.send("READY=1");
            assertEquals("READY=1", systemd.next());
        }
        assertThrows(IOException.class, () -> NotifySocket.open(address + "n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vsock:2:1234", "relative/path", "notify"})
    void shouldRefuseWhatIsNoUnixSocket(String address) {
        IOException refusal = assertThrows(IOException.class, () -> NotifySocket.open(address));
        assertTrue(refusal.getMessage().startsWith("NOTIFY_SOCKET=" + address + " is no path"), refusal.getMessage());
    }

    @Test
    void shouldSayThatNobodyTakesAMessage() throws IOException {
        try (NotifySocket socket = NotifySocket.open(folder.resolve("nobody").toString())) {
            IOException refusal = assertThrows(IOException.class, () -> socket.send("READY=1"));
            assertEquals("sendto failed with errno 2", refusal.getMessage());
        }
    }

    @Test
    void shouldSendNothingOnceClosed() throws IOException {
        String address = folder.resolve("notify").toString();
        try (NotifyReceiver systemd = new NotifyReceiver(address);
                NotifySocket other = NotifySocket.open(address)) {
            NotifySocket socket = NotifySocket.open(address);
            socket.send("1");
            socket.close();
            socket.close();
            socket.send("2");
            other.send("3");
            assertEquals("1", systemd.next());
            assertEquals("3", systemd.next());
        }
    }
}
