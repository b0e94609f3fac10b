package io.switchboard.bench;

import io.switchboard.local.deployment.LambdaFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A build of the functions: this checkout, or an older one that it is compared with.
 *
 * @param tenant the tenant whose data this build writes and reads
 * @param zips the folder with the zips of an older build; empty for this checkout, whose template names them
 * @param work the folder for the unpacked JARs
 */
record Build(String tenant, Optional<Path> zips, Path work) {
    /** The tenant of this checkout. */
    static final String CURRENT = "current";

    /** The tenant of the older build. */
    static final String BASELINE = "baseline";

    boolean isBaseline() {
        return zips.isPresent();
    }

    Path zip(LambdaFunction function) {
        return zips.map(folder -> folder.resolve(function.code().getFileName())).orElse(function.code());
    }

    /** Unpacks the JARs of a function. Functions of one zip share them. */
    List<Path> jars(LambdaFunction function) {
        Path folder = work.resolve(tenant);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BenchException(folder + " cannot be created: " + e.getMessage(), e);
        }
        return Jars.ofFunction(zip(function), folder);
    }
}
