package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapNativeException;

/**
 * What arrives on the far end of a {@link VethPair}, read by tshark. Not taken by tcpdump, which as root must change its
 * user, and a user namespace refuses that.
 */
final class FarFrames implements AutoCloseable {
    /** The source of {@link io.ringtap.testnet.FarSender}'s frames, which leave by this end. */
    private static final String FAR_SENDER = "02:00:00:00:00:01";

    /** Longer than this is a hang, on any machine. */
    private static final long PATIENCE_SECONDS = 120;

    private final PcapHandle handle;
    private final Path file;

    private FarFrames(PcapHandle handle, Path folder) {
        this.handle = handle;
        file = folder.resolve("far.pcap");
    }

    /** From now on frames are kept. */
    static FarFrames open(Path folder) throws PcapNativeException, NotOpenException {
        PcapHandle handle = new PcapHandle.Builder(VethPair.FAR)
                .snaplen(2_048)
                .immediateMode(true)
                .timeoutMillis(100)
                .build();
        // Not "inbound": for what is in the ring already libpcap filters in user space, where that rejects everything.
        handle.setFilter("not ether src " + FAR_SENDER, BpfCompileMode.OPTIMIZE);
        handle.setBlockingMode(BlockingMode.NONBLOCKING);
        return new FarFrames(handle, folder);
    }

    /** Waits for so many frames, and gives what tshark makes of all: destination, source, EtherType, payload. */
    List<String> decoded(int frames) throws PcapNativeException, NotOpenException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (PcapDumper dumper = handle.dumpOpen(file.toString())) {
            int kept = 0;
            while (kept < frames) {
                byte[] frame = handle.getNextRawPacket();
                if (frame == null) {
                    assertTrue(System.nanoTime() < deadline, kept + " frames arrived, not " + frames);
                    RingtapProcess.sleep(1);
                } else {
                    dumper.dumpRaw(frame, handle.getTimestamp());
                    kept++;
                }
            }
        }
        return VethPair.run(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-T",
                        "fields",
                        "-E",
                        "separator=/s",
                        "-e",
                        "eth.dst",
                        "-e",
                        "eth.src",
                        "-e",
                        "eth.type",
                        "-e",
                        "data.data")
                .lines()
                .filter(line -> line.matches("[0-9a-f]{2}:.*")) // as root it warns
                .toList();
    }

    @Override
    public void close() {
        handle.close();
    }
}
