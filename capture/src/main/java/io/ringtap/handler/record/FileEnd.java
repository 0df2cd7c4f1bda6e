package io.ringtap.handler.record;

/** The reason why a file ends. */
enum FileEnd {
    SIZE("file-size"),
    TIME("file-time"),
    FRAMES("file-frames"),
    PAUSE("the disk took nothing"),
    GONE("it was removed"),
    STOP("stop");

    private final String text;

    FileEnd(String text) {
        this.text = text;
    }

    /** The key that made it end, or what else did. */
    String text() {
        return text;
    }
}
