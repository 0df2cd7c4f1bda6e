import io.ringtap.handler.record.index.IndexWriter;
import io.ringtap.handler.record.index.Records;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What an index costs a frame, and takes of a file: {@code IndexCost FOLDER}. A few conversations, many, and each frame a new one. */
final class IndexCost {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int CHUNK = 512 << 10;
    private static final long BYTES = 1L << 30;

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0], "cost.index");
        System.out.println("frames       conversations  ns a frame, median of 5  index, of the data");
        for (int length : new int[] {60, 200, 750, 1_514}) {
            for (int flows : new int[] {100, 20_000, Integer.MAX_VALUE}) {
                double[] nanos = new double[7];
                double part = 0;
                for (int round = 0; round < nanos.length; round++) {
                    part = round(file, length, flows, nanos, round);
                }
                java.util.Arrays.sort(nanos, 2, nanos.length);
                System.out.printf("%,5d bytes  %13s  %23.1f  %17.2f %%%n", length, flows == Integer.MAX_VALUE
                        ? "each frame" : "" + flows, nanos[4], part);
            }
        }
        Files.delete(file);
    }

    private static double round(Path file, int length, int flows, double[] nanos, int round) throws Exception {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());
        int record = 32 + (length + 3 & ~3);
        int count = CHUNK / record;
        Random random = new Random(length);
        long spent = 0;
        long frames = 0;
        long offset = 200;
        try (IndexWriter index = IndexWriter.create(file, Records.PCAPNG)) {
            while (offset < BYTES) {
                for (int i = 0; i < count; i++) {
                    put(chunk, i * record, length, record, flows, random);
                }
                long start = CPU.getCurrentThreadCpuTime();
                index.add(chunk, 0, count * record, offset);
                spent += CPU.getCurrentThreadCpuTime() - start;
                offset += (long) count * record;
                frames += count;
            }
            long start = CPU.getCurrentThreadCpuTime();
            index.end(offset, false);
            spent += CPU.getCurrentThreadCpuTime() - start;
        }
        nanos[round] = (double) spent / frames;
        return 100.0 * Files.size(file) / offset;
    }

    private static void put(ByteBuffer chunk, int at, int length, int record, int flows, Random random) {
        int flow = flows == Integer.MAX_VALUE ? random.nextInt() : random.nextInt(flows) * 0x9e3779b1;
        int other = flows == Integer.MAX_VALUE ? random.nextInt() : flow * 31;
        chunk.putInt(at, 6).putInt(at + 4, record).putInt(at + 8, 0).putLong(at + 12, random.nextInt());
        chunk.putInt(at + 20, length).putInt(at + 24, length);
        int frame = at + 28;
        chunk.putShort(frame + 12, (short) 0x0008).put(frame + 14, (byte) 0x45).put(frame + 23, (byte) 6);
        chunk.putInt(frame + 26, flow).putInt(frame + 30, other).putInt(frame + 34, flow ^ other);
        chunk.putShort(frame + 20, (short) 0);
    }
}
