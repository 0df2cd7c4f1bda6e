package io.ringtap.daemon.cli.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.daemon.doctor.Finding;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.List;

/** What the doctor has found, as text or JSON. */
public final class DoctorReport {
    private DoctorReport() {}

    /** The text: a paragraph for each finding, and what they come to; the last line ends with a newline. */
    public static String text(List<Finding> found) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : found) {
            text.append(String.format("%-6s%s: %s%n", word(finding.severity()), finding.subject(), finding.what()))
                    .append("      so:   ")
                    .append(finding.consequence())
                    .append("\n      seen: ")
                    .append(finding.evidence())
                    .append("\n      cure: ")
                    .append(finding.cure())
                    .append("\n\n");
        }
        return plain(text.toString()) + sum(found) + "\n";
    }

    /** Control characters could reach the terminal from a file name. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
    }

    /** A finding in one line, for the log. */
    public static String line(Finding finding) {
        return plain(
                finding.subject() + ": " + finding.what() + ": " + finding.consequence() + "; cure: " + finding.cure());
    }

    private static String word(Severity severity) {
        return switch (severity) {
            case LOSS -> "LOSS";
            case RISK -> "risk";
            case NOTE -> "note";
        };
    }

    private static String sum(List<Finding> found) {
        long losses = count(found, Severity.LOSS);
        long risks = count(found, Severity.RISK);
        long notes = count(found, Severity.NOTE);
        return found.isEmpty()
                ? "doctor: nothing found"
                : "doctor: " + losses + " will lose frames, " + risks + " may, " + notes + " to know";
    }

    private static long count(List<Finding> found, Severity severity) {
        return found.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** The same as an object, to which more may be added. */
    public static JsonObject json(List<Finding> found) {
        JsonObject whole = new JsonObject();
        whole.addProperty("ok", count(found, Severity.LOSS) == 0);
        JsonArray findings = new JsonArray();
        for (Finding finding : found) {
            JsonObject one = new JsonObject();
            one.addProperty("severity", finding.severity().text());
            one.addProperty("check", finding.check());
            one.addProperty("subject", finding.subject());
            one.addProperty("what", finding.what());
            one.addProperty("consequence", finding.consequence());
            one.addProperty("evidence", finding.evidence());
            one.addProperty("cure", finding.cure());
            findings.add(one);
        }
        whole.add("findings", findings);
        return whole;
    }
}
