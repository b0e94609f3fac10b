package io.switchboard.bench;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The options of the benchmark of the deployed functions.
 *
 * @param root root folder of the checkout
 * @param work working folder, emptied first
 * @param baseline folder with the zips of an older build, which is measured as well
 * @param runs starts of each variant
 * @param warmRequests requests after the first one of each start
 * @param warmUp requests before the processor time of a request is measured
 * @param logFormat of the runtime client, {@code Text} or {@code JSON}; JSON makes an empty handler 50 % slower, so the
 *     budgets, which are relative to an empty handler, apply to Text
 */
record ColdStartOptions(
        Path root, Path work, Optional<Path> baseline, int runs, int warmRequests, int warmUp, String logFormat) {
    private static final String USAGE =
            "Options: --root <folder of the checkout> --work <folder> [--quick true|false] [--baseline <folder of zips>]"
                    + " [--runs <number>] [--warm-requests <number>] [--warm-up <number>] [--log-format Text|JSON]";

    static ColdStartOptions parse(String... arguments) {
        Path root = Path.of("").toAbsolutePath();
        Path work = root.resolve("development", "benchmarks", "target", "cold-start");
        Optional<Path> baseline = Optional.empty();
        int runs = 9;
        int warmRequests = 200;
        int warmUp = 3_000;
        String logFormat = "Text";
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new BenchException(arguments[i] + " requires a value. " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--root" -> root = Path.of(value).toAbsolutePath();
                case "--work" -> work = Path.of(value).toAbsolutePath();
                case "--baseline" -> baseline = Optional.of(Path.of(value).toAbsolutePath());
                case "--quick" -> {
                    if (isTrue(value)) {
                        runs = 3;
                        warmRequests = 60;
                        warmUp = 600;
                    }
                }
                case "--runs" -> runs = number(arguments[i], value);
                case "--warm-requests" -> warmRequests = number(arguments[i], value);
                case "--warm-up" -> warmUp = number(arguments[i], value);
                case "--log-format" -> logFormat = logFormat(value);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new ColdStartOptions(root, work, baseline, runs, warmRequests, warmUp, logFormat);
    }

    private static boolean isTrue(String value) {
        if (value.equals("true") || value.equals("false")) {
            return value.equals("true");
        }
        throw new BenchException("--quick must be true or false, not " + value + ".");
    }

    private static String logFormat(String value) {
        if (value.equals("Text") || value.equals("JSON")) {
            return value;
        }
        throw new BenchException("--log-format must be Text or JSON, not " + value + ".");
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new BenchException(option + " must be a whole number from 1, not " + value + ".");
    }
}
