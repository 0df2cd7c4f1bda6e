package io.ringtap.inject.template;

import java.nio.ByteBuffer;

/** The frames of a stream, one after another, off-heap, where an engine takes them from. For one thread at a time. */
public interface FrameSequence {
    /** Goes on to the next frame of the stream; the one before is gone. */
    void advance();

    /** Leaves out the stream's next frames. */
    void skip(int frames);

    /** Returns where the frame lies: the same object for many frames, or for all. */
    ByteBuffer memory();

    /** Returns where in the memory the frame begins. */
    int offset();

    /** Returns its length. */
    int length();
}
