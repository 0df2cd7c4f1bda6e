package io.ringtap.daemon.doctor;

import java.util.function.Consumer;

/** A look at a part of a machine. What cannot be read is passed over: it is no finding. */
@FunctionalInterface
interface Check {
    void look(Subject subject, Machine machine, Consumer<Finding> found);
}
