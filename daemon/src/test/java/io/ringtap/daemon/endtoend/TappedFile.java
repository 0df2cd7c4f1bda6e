package io.ringtap.daemon.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a live tap has written, block by block: the numbers of its frames, and its last interface statistics. */
final class TappedFile {
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;

    /** Of FarSender, in a frame. */
    private static final int NUMBER = 42;

    private final List<Long> numbers = new ArrayList<>();
    private int mostCaptured;
    private long received = -1;
    private long dropped = -1;

    private TappedFile() {}

    static TappedFile of(Path file) throws IOException {
        TappedFile read = new TappedFile();
        ByteBuffer blocks = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        if (blocks.getInt(0) != SECTION_HEADER) {
            throw new IOException("no pcapng");
        }
        for (int at = 0; at < blocks.limit(); at += blocks.getInt(at + 4)) {
            if (blocks.getInt(at + blocks.getInt(at + 4) - 4) != blocks.getInt(at + 4)) {
                throw new IOException("two lengths of the block at " + at);
            }
            read.block(blocks, at);
        }
        return read;
    }

    private void block(ByteBuffer blocks, int at) {
        switch (blocks.getInt(at)) {
            case ENHANCED_PACKET -> {
                mostCaptured = Math.max(mostCaptured, blocks.getInt(at + 20));
                numbers.add(blocks.getLong(at + 28 + NUMBER));
            }
            case INTERFACE_STATISTICS -> {
                received = blocks.getLong(at + 20 + 4); // isb_ifrecv is the first option, isb_ifdrop the second
                dropped = blocks.getLong(at + 20 + 16);
            }
            default -> {}
        }
    }

    List<Long> numbers() {
        return numbers;
    }

    int mostCaptured() {
        return mostCaptured;
    }

    long received() {
        return received;
    }

    long dropped() {
        return dropped;
    }
}
