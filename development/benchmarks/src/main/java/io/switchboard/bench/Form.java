package io.switchboard.bench;

import java.util.List;

/** A way to deploy a function, with the JVM settings that Lambda's runtime for Java 25 uses for it. */
enum Form {
    /** Lambda stops the compilation at level 1 if a function has neither SnapStart nor provisioned concurrency. */
    WITHOUT_SNAP_START("without SnapStart", true),
    WITHOUT_SNAP_START_TLS("without SnapStart, TLS", true),
    /** With SnapStart, Lambda uses the defaults of the JVM for the compilation. */
    RESTORED("after restore", false),
    /** AWS advises against AOT caches on the managed runtime, so this form needs a container image. */
    CONTAINER_IMAGE("container image, AOT cache", true);

    /** Lambda uses the serial collector. org.crac needs the property to find the hooks of the runtime client. */
    private static final List<String> COMMON = List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

    private final String label;
    private final boolean stopsAtLevel1;

    Form(String label, boolean stopsAtLevel1) {
        this.label = label;
        this.stopsAtLevel1 = stopsAtLevel1;
    }

    /** Returns how the tables show this form. */
    String label() {
        return label;
    }

    /** Returns the JVM options of this form only. */
    List<String> options() {
        return stopsAtLevel1 ? List.of("-XX:TieredStopAtLevel=1") : List.of();
    }

    /** Returns the JVM options of all forms. */
    static List<String> common() {
        return COMMON;
    }

    /** Returns the value of {@code AWS_LAMBDA_INITIALIZATION_TYPE}. */
    String initialization() {
        return this == RESTORED ? "snap-start" : "on-demand";
    }
}
