package io.switchboard.bench;

import java.nio.file.Path;

/**
 * The options of the listing benchmark.
 *
 * @param root root folder of the checkout
 * @param templates number of templates of the large tenant
 * @param page number of templates of a page, 1–100
 */
record ListingOptions(Path root, int templates, int page) {
    private static final String USAGE =
            "Options: --root <folder of the checkout> [--templates <number>] [--page <1 to 100>]";
    private static final int LARGEST_PAGE = 100;

    static ListingOptions parse(String... arguments) {
        Path root = Path.of("").toAbsolutePath();
        int templates = 100_000;
        int page = LARGEST_PAGE;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new BenchException(arguments[i] + " requires a value. " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--root" -> root = Path.of(value).toAbsolutePath();
                case "--templates" -> templates = number(arguments[i], value, ListingAudit.MOST);
                case "--page" -> page = number(arguments[i], value, LARGEST_PAGE);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new ListingOptions(root, templates, page);
    }

    /** Parses the value of an option as a whole number from 1 to {@code most}. */
    static int number(String option, String value, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new BenchException(option + " must be a whole number from 1 to " + most + ", not " + value + ".");
    }
}
