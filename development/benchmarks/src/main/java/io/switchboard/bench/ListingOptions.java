package io.switchboard.bench;

import java.nio.file.Path;

/**
 * What the bench of lists is asked.
 *
 * @param root root folder of the checkout
 * @param templates how many templates the large tenant has
 * @param page how many templates a page holds, 1–100
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
                throw new BenchException(arguments[i] + " needs a value. " + USAGE);
            }
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--root" -> root = Path.of(value).toAbsolutePath();
                case "--templates" -> templates = number(arguments[i], value, RollCall.MOST);
                case "--page" -> page = number(arguments[i], value, LARGEST_PAGE);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new ListingOptions(root, templates, page);
    }

    /** A whole number from 1 to {@code most}, as an option gives it. */
    static int number(String option, String value, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new BenchException(option + " must be a whole number from 1 to " + most + ", not " + value + ".");
    }
}
