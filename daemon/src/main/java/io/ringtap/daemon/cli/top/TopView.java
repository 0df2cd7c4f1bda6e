package io.ringtap.daemon.cli.top;

import java.util.List;

/** What somebody has chosen to see. One thread's. */
final class TopView {
    /** What workers and handlers are ordered by, the largest first; names in their order. */
    enum Order {
        BUSY,
        LAG,
        RATE,
        NAME
    }

    private static final List<Order> ORDERS = List.of(Order.values());

    /** A terminal that gives each key as it comes gives these, too. */
    private static final int CTRL_C = 3;

    private static final int CTRL_D = 4;

    private Order order = Order.BUSY;
    private boolean paused;
    private boolean help;
    private boolean byFrames;
    private int scrolled;
    private String capture = "";

    Order order() {
        return order;
    }

    boolean paused() {
        return paused;
    }

    boolean help() {
        return help;
    }

    /** Whether flows are ordered by frames; else by bytes. */
    boolean byFrames() {
        return byFrames;
    }

    /** How many lines are above the first that is shown. */
    int scrolled() {
        return scrolled;
    }

    /** The capture that is shown; empty for all. */
    String capture() {
        return capture;
    }

    /** Takes a key; false for the one that ends. */
    boolean take(int key, List<String> captures) {
        if (help && key != CTRL_C && key != CTRL_D) {
            help = false; // whatever key
            return true;
        }
        switch (key) {
            case 'q', CTRL_C, CTRL_D -> {
                return false;
            }
            case 's' -> order = ORDERS.get((ORDERS.indexOf(order) + 1) % ORDERS.size());
            case 'p', ' ' -> paused = !paused;
            case 'f' -> byFrames = !byFrames;
            case 'h', '?' -> help = true;
            case 'c' -> capture = next(captures);
            case 'j' -> scrolled++;
            case 'k' -> scrolled = Math.max(0, scrolled - 1);
            default -> {} // no key of ours
        }
        return true;
    }

    /** What was scrolled to is not there. */
    void scrollAtMost(int most) {
        scrolled = Math.min(scrolled, Math.max(0, most));
    }

    private String next(List<String> captures) {
        int now = captures.indexOf(capture);
        return now + 1 < captures.size() ? captures.get(now + 1) : "";
    }
}
