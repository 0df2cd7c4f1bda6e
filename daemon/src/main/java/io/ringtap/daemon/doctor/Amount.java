package io.ringtap.daemon.doctor;

import java.util.Locale;

/** Amounts in findings. */
final class Amount {
    private static final double MEBIBYTE = 1 << 20;

    private Amount() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,.0f MiB", bytes / MEBIBYTE);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
