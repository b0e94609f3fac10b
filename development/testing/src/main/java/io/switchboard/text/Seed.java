package io.switchboard.text;

import java.util.SplittableRandom;

/** Repeatable randomness: it prints its seed, and {@code -Dswitchboard.seed=…} repeats it. */
public final class Seed {
    private static final int LARGEST_CODE_POINT = 0x1_F6FF;
    private static final String[] NASTY = {
        "#", "%", "/", "\\", "..", "{", "}", "\"", "'", " ", "\u0000", "\n", "é", "😀", "%23", "@", ":", "?", "&", "=",
        "+", "\u202E", "ß", "İ", "\uFFFF", "\u00A0", "$odata.", "\\{"
    };

    private Seed() {}

    /** Returns a source of randomness for a test. */
    public static SplittableRandom random(String test) {
        return new SplittableRandom(number(test, System.nanoTime()));
    }

    /** Returns and prints the seed of a test: the property, or else this one. */
    public static long number(String test, long otherwise) {
        long seed = Long.getLong("switchboard.seed", otherwise);
        System.out.println(test + ": seed " + seed + " (repeat with -Dswitchboard.seed=" + seed + ")");
        return seed;
    }

    /** Returns well-formed text of at most this number of pieces, with many special characters. */
    public static String text(SplittableRandom random, int longest) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(longest + 1);
        for (int i = 0; i < pieces; i++) {
            switch (random.nextInt(3)) {
                case 0 -> text.append(NASTY[random.nextInt(NASTY.length)]);
                case 1 -> text.append((char) random.nextInt(0x20, 0x7F));
                default -> {
                    int codePoint = random.nextInt(LARGEST_CODE_POINT);
                    text.appendCodePoint(Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint);
                }
            }
        }
        return text.toString();
    }
}
