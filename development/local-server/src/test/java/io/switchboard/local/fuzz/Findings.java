package io.switchboard.local.fuzz;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Contract violations, grouped by cause. Thread-safe. */
final class Findings {
    private static final Pattern CAUSE = Pattern.compile("\"causes\":\\[\"([^\"]*?)( at [^\"]*)?\"");
    private static final Pattern FRAME = Pattern.compile(" at ((?!java\\.|jdk\\.)[^\" ]*)");
    private static final int EXAMPLE = 4_000;
    private static final int OPERATIONS = 12;

    private final Map<String, Finding> found = new TreeMap<>();

    private static final class Finding {
        private final Set<String> operations = new LinkedHashSet<>();
        private final Set<String> mutations = new LinkedHashSet<>();
        private String example = "";
        private int number;
    }

    /** @param operation for example {@code POST /sessions} */
    synchronized void add(
            String promise, String operation, Collection<String> mutations, String request, FuzzResult response) {
        Finding same = found.computeIfAbsent(promise + cause(response), key -> new Finding());
        same.number++;
        same.operations.add(operation);
        same.mutations.addAll(mutations);
        if (same.example.isEmpty() || request.length() < same.example.length() / 2) {
            same.example = request;
        }
    }

    private static String cause(FuzzResult response) {
        if (response.thrown() != null) {
            for (StackTraceElement frame : response.thrown().getStackTrace()) {
                if (!frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk.")) {
                    return " at " + frame;
                }
            }
            return "";
        }
        for (String line : response.log()) {
            Matcher cause = CAUSE.matcher(line);
            if (cause.find()) {
                String frames = cause.group(2) == null ? "" : cause.group(2);
                Matcher frame = FRAME.matcher(frames);
                return " (" + cause.group(1) + (frame.find() ? " at " + frame.group(1) : "") + ")";
            }
        }
        return "";
    }

    synchronized boolean isEmpty() {
        return found.isEmpty();
    }

    /** Returns each cause with the affected operations and mutations, and an example request. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        found.forEach((promise, same) -> {
            text.append("\n== ")
                    .append(promise)
                    .append(": ")
                    .append(same.number)
                    .append(" times, in ");
            text.append(same.operations.size()).append(" operations ");
            text.append(same.operations.stream().limit(OPERATIONS).toList());
            text.append("\n   by ").append(same.mutations);
            text.append("\n   for example ").append(same.example, 0, Math.min(EXAMPLE, same.example.length()));
        });
        return text.toString();
    }
}
