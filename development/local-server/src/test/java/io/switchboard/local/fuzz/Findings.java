package io.switchboard.local.fuzz;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Broken promises, those of one cause together. Thread-safe. */
final class Findings {
    private static final Pattern CAUSE = Pattern.compile("\"causes\":\\[\"([^\"]*?)( at [^\"]*)?\"");
    private static final Pattern FRAME = Pattern.compile(" at ((?!java\\.|jdk\\.)[^\" ]*)");
    private static final int EXAMPLE = 4_000;
    private static final int OPERATIONS = 12;

    private final Map<String, Found> found = new TreeMap<>();

    private static final class Found {
        private final Set<String> operations = new LinkedHashSet<>();
        private final Set<String> mutations = new LinkedHashSet<>();
        private String example = "";
        private int number;
    }

    /** @param operation such as {@code POST /sessions} */
    synchronized void add(
            String promise, String operation, Collection<String> mutations, String request, FuzzAnswer answer) {
        Found same = found.computeIfAbsent(promise + cause(answer), key -> new Found());
        same.number++;
        same.operations.add(operation);
        same.mutations.addAll(mutations);
        if (same.example.isEmpty() || request.length() < same.example.length() / 2) {
            same.example = request;
        }
    }

    private static String cause(FuzzAnswer answer) {
        if (answer.thrown() != null) {
            for (StackTraceElement frame : answer.thrown().getStackTrace()) {
                if (!frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk.")) {
                    return " at " + frame;
                }
            }
            return "";
        }
        for (String line : answer.log()) {
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

    /** Each cause with the operations and mutations that show it, and one request that does. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        found.forEach((promise, same) -> {
            text.append("\n== ")
                    .append(promise)
                    .append(": ")
                    .append(same.number)
                    .append(" times, of ");
            text.append(same.operations.size()).append(" operations ");
            text.append(same.operations.stream().limit(OPERATIONS).toList());
            text.append("\n   by ").append(same.mutations);
            text.append("\n   such as ").append(same.example, 0, Math.min(EXAMPLE, same.example.length()));
        });
        return text.toString();
    }
}
