package io.ringtap.daemon.endtoend;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends the number that each frame of a {@link io.ringtap.testnet.FarSender} carries to a file at once, so that a kill leaves it
 * there. Behind so many frames it waits until another file is there, or it is interrupted.
 */
public final class NumberKeeper implements FrameHandler {
    private static final int NUMBER = 42;

    private final Path file;
    private final long free;
    private final Path until;
    private long frames;
    private FileOutputStream out;

    public NumberKeeper(HandlerSettings settings) {
        file = Path.of(settings.text("file", ""));
        free = settings.number("free", 0, 0, Long.MAX_VALUE);
        until = Path.of(settings.text("until", "/"));
    }

    static List<Long> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> numbers = new ArrayList<>();
        while (bytes.hasRemaining()) {
            numbers.add(bytes.getLong());
        }
        return numbers;
    }

    @Override
    public void onStart(HandlerContext context) throws IOException {
        out = new FileOutputStream(file.toFile(), true);
    }

    @Override
    public void onFrame(Frame frame) throws IOException, InterruptedException {
        while (frames >= free && Files.notExists(until)) {
            Thread.sleep(5);
        }
        frames++;
        byte[] number = new byte[Long.BYTES];
        frame.copyTo(NUMBER, number, 0, number.length);
        out.write(number);
    }

    @Override
    public void onStop() throws IOException {
        out.close();
    }
}
