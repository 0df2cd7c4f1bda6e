package io.ringtap.frame;

/** A handler used a frame that was not its own any more: see {@link CheckedHandler}. */
public final class BorrowedFrameException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    BorrowedFrameException(String message) {
        super(message);
    }
}
