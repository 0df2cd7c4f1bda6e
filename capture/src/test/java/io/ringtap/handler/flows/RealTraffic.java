package io.ringtap.handler.flows;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;

/** Connections that the kernel makes with itself, over the loopback interface of the calling thread's network namespace. */
final class RealTraffic {
    static final int CONNECTIONS = 20;

    private static final String LOOPBACK = "lo";
    /** What takes so long hangs, on any machine: as {@link VethPair#await}. */
    private static final int PATIENCE_MILLIS = 120_000;

    /** What the last frame ends with; all others send zeros. */
    private static final byte[] LAST = "the last".getBytes(StandardCharsets.US_ASCII);

    private RealTraffic() {}

    /** Makes TCP connections and exchanges datagrams, IPv4 and IPv6, some in fragments, and keeps the frames in a file. */
    static void capture(Path file) throws Exception {
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.lo.disable_ipv6=0");
        VethPair.run("ip", "link", "set", LOOPBACK, "mtu", "1500");
        VethPair.run("ip", "address", "add", "fd00::1/128", "dev", LOOPBACK);
        VethPair.run("ip", "address", "add", "fd00::2/128", "dev", LOOPBACK);
        try (PcapHandle handle = new PcapHandle.Builder(LOOPBACK)
                        .snaplen(262_144)
                        .bufferSize(64 << 20)
                        .timeoutMillis(10)
                        .build();
                PcapDumper dumper = handle.dumpOpen(file.toString())) {
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            exchange(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2"));
            exchange(InetAddress.ofLiteral("fd00::1"), InetAddress.ofLiteral("fd00::2"));
            sendLast(InetAddress.ofLiteral("127.0.0.1"));
            VethPair.await(() -> dump(handle, dumper));
        }
    }

    /** Keeps what there is, and says whether the last frame was among it. */
    private static boolean dump(PcapHandle handle, PcapDumper dumper) {
        try {
            boolean last = false;
            for (byte[] frame = handle.getNextRawPacket(); frame != null; frame = handle.getNextRawPacket()) {
                dumper.dumpRaw(frame, handle.getTimestamp());
                last |= Arrays.equals(LAST, Arrays.copyOfRange(frame, frame.length - LAST.length, frame.length));
            }
            return last;
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** To itself, so that nothing answers. */
    private static void sendLast(InetAddress self) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, self)) {
            socket.send(new DatagramPacket(LAST, LAST.length, socket.getLocalSocketAddress()));
        }
    }

    private static void exchange(InetAddress client, InetAddress server) throws IOException, InterruptedException {
        for (int i = 0; i < CONNECTIONS / 2; i++) {
            connection(client, server, 1 << (2 * i));
            datagrams(client, server, 1 << i);
        }
        datagrams(client, server, 6_000);
    }

    /** Sends bytes there and back, and closes both ways. */
    private static void connection(InetAddress from, InetAddress to, int bytes)
            throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, to)) {
            server.setSoTimeout(PATIENCE_MILLIS);
            Thread echo = Thread.ofPlatform().start(() -> echo(server));
            try (Socket client = new Socket(to, server.getLocalPort(), from, 0)) {
                client.setSoTimeout(PATIENCE_MILLIS);
                Thread sender = Thread.ofPlatform().start(() -> send(client, bytes));
                int back = client.getInputStream().readAllBytes().length;
                sender.join();
                if (back != bytes) {
                    throw new IllegalStateException("of " + bytes + " bytes came back: " + back);
                }
            }
            echo.join();
        }
    }

    private static void send(Socket client, int bytes) {
        try {
            client.getOutputStream().write(new byte[bytes]);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void echo(ServerSocket server) {
        try (Socket accepted = server.accept()) {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void datagrams(InetAddress from, InetAddress to, int bytes) throws IOException {
        try (DatagramSocket a = new DatagramSocket(0, from);
                DatagramSocket b = new DatagramSocket(0, to)) {
            for (DatagramSocket[] way : Arrays.asList(new DatagramSocket[][] {{a, b}, {a, b}, {b, a}})) {
                way[0].send(new DatagramPacket(new byte[bytes], bytes, way[1].getLocalSocketAddress()));
                way[1].setSoTimeout(PATIENCE_MILLIS);
                way[1].receive(new DatagramPacket(new byte[65_535], 65_535));
            }
        }
    }
}
