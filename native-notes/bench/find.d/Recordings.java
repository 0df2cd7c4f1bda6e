import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.handler.record.RecordHandler;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Records traffic as on a busy link to files with an index: {@code Recordings FOLDER BYTES FILES}. Of 20,000 conversations at a time one
 * ends, and another begins, each 100 frames; addresses are of some networks that are used often, and of all others. A conversation of
 * 1,000 frames comes in the first file, within a few seconds, another is spread over all.
 */
final class Recordings {
    private static final int FLOWS = 20_000;
    private static final int[] LENGTHS = {60, 60, 90, 150, 400, 800, 1_400, 1_514, 1_514, 1_514};
    private static final long START_NANOS = 1_764_500_000_000_000_000L;
    private static final int NEEDLES = 1_000;

    private final Random random = new Random(1);
    private final int[] sources = new int[FLOWS];
    private final int[] destinations = new int[FLOWS];
    private final int[] ports = new int[FLOWS];
    private final byte[][] frames = new byte[LENGTHS.length][];

    public static void main(String[] arguments) throws Exception {
        new Recordings().record(arguments[0], Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
    }

    private void begin(int flow) {
        sources[flow] = 10 << 24 | random.nextInt(4_096);
        destinations[flow] = random.nextInt(4) == 0 ? random.nextInt() | 1 << 30 : 100 << 24 | random.nextInt(60_000);
        ports[flow] = (1_024 + random.nextInt(60_000)) << 16 | (random.nextInt(3) == 0 ? 53 : 443);
    }

    private void record(String folder, long bytes, int files) throws Exception {
        for (int i = 0; i < LENGTHS.length; i++) {
            byte[] frame = new byte[LENGTHS[i]];
            random.nextBytes(frame);
            ByteBuffer.wrap(frame).putLong(0x0200_0000_0001_0200L).putInt(2).putShort((short) 0x0800);
            ByteBuffer.wrap(frame, 14, 20).putInt(0x4500_0000 | LENGTHS[i] - 14).putInt(0x0001_0000);
            frames[i] = frame;
        }
        for (int flow = 0; flow < FLOWS; flow++) {
            begin(flow);
        }
        double mean = 0;
        for (int length : LENGTHS) {
            mean += (32 + (length + 3 & ~3)) / (double) LENGTHS.length;
        }
        long count = (long) (bytes / mean);
        FrameHandler handler = TestSettings.of("folder", folder, "file-size", bytes / files, "index", true, "sync", false)
                .make(RecordHandler::new);
        handler.onStart(new TestContext("uplink", "recorder", 0));
        long spread = count / NEEDLES;
        for (long i = 0; i < count; i++) {
            boolean burst = i % 64 == 63 && i < NEEDLES * 64L;
            int flow = random.nextInt(random.nextBoolean() ? 200 : FLOWS); // some have much of it
            if (i % 100 == 0) {
                begin(random.nextInt(FLOWS));
            }
            int kind = (int) (i % LENGTHS.length);
            byte[] frame = frames[kind];
            ByteBuffer header = ByteBuffer.wrap(frame);
            header.put(23, (byte) ((ports[flow] & 0xffff) == 53 ? 17 : 6));
            header.putInt(26, sources[flow]).putInt(30, destinations[flow]).putInt(34, ports[flow]);
            if (burst || i % spread == spread / 2) {
                header.put(23, (byte) 6).putInt(26, burst ? 0xcb00_714d : 0xcb00_7158).putInt(34, 4_477 << 16 | 443);
            }
            handler.onFrame(Frame.of(frame, frame.length, START_NANOS + i * 2_857, "uplink"));
        }
        handler.onStop();
        System.out.println(count + " frames");
    }
}
