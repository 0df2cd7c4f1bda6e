package io.ringtap.daemon.doctor;

import java.util.Locale;

/**
 * Something about a machine that will lose frames, may, or surprises.
 *
 * @param severity how bad it is
 * @param check which check found it: a word that does not change
 * @param subject the interface, capture, worker or file that it is about; {@code machine} for all
 * @param what what is the case, in a line
 * @param consequence what comes of it
 * @param evidence where it was seen, and what was there
 * @param cure the command or the key that cures it
 */
public record Finding(
        Severity severity,
        String check,
        String subject,
        String what,
        String consequence,
        String evidence,
        String cure) {
    /** What {@link #subject} is where all of the machine is meant. */
    static final String MACHINE = "machine";

    /** How bad a finding is; the worst first. */
    public enum Severity {
        /** Frames will be lost, or none captured. */
        LOSS,
        /** Frames may be lost under load. */
        RISK,
        /** Nothing is lost, but it is not what one expects. */
        NOTE;

        /** As JSON has it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
