package io.switchboard.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts variants in fresh JVMs under Lambda's runtime interface client, and measures their first and later requests.
 * The variants alternate, so that other load on the machine affects all of them.
 */
final class ColdStarts {
    private static final int TRAINING_REQUESTS = 20;

    private final ColdStartOptions options;
    private final Path folder;
    private final PrintStream out;

    /** @param folder an existing working folder */
    ColdStarts(ColdStartOptions options, Path folder, PrintStream out) {
        this.options = options;
        this.folder = folder;
        this.out = out;
    }

    /** Measures the variants, those in a container image with an AOT cache, which a training run writes. */
    List<Measurement> measure(List<Variant> variants) {
        List<Variant> ready = new ArrayList<>();
        List<List<Measurement.Run>> runs = new ArrayList<>();
        for (Variant variant : variants) {
            ready.add(variant.form() == Form.CONTAINER_IMAGE ? cached(variant) : variant);
            runs.add(new ArrayList<>());
        }
        for (int run = 1; run <= options.runs(); run++) {
            for (int variant = 0; variant < ready.size(); variant++) {
                runs.get(variant).add(run(ready.get(variant)));
            }
            out.printf("Run %d of %d%n", run, options.runs());
        }
        List<Measurement> measured = new ArrayList<>();
        for (int variant = 0; variant < ready.size(); variant++) {
            measured.add(new Measurement(ready.get(variant), runs.get(variant), loadedClasses(ready.get(variant))));
        }
        return measured;
    }

    private Variant cached(Variant variant) {
        Path cache = folder.resolve(variant.name() + (variant.isBaseline() ? "-baseline" : "") + ".aot");
        try (var api = new RuntimeApi("training");
                var _ = start(variant, List.of("-XX:AOTCacheOutput=" + cache), api)) {
            api.awaitStart();
            for (int request = 0; request < TRAINING_REQUESTS; request++) {
                serve(variant, api);
            }
        }
        if (!Files.exists(cache)) {
            throw new BenchException("The JVM did not write an AOT cache. See " + folder.resolve("task.log"));
        }
        // Makes an unsuitable cache an error instead of a slower start.
        return variant.with(List.of("-XX:AOTCache=" + cache, "-XX:AOTMode=on"));
    }

    private Measurement.Run run(Variant variant) {
        byte[] first = variant.request().events().get();
        try (var api = new RuntimeApi("measured")) {
            api.offer(first);
            try (var process = start(variant, List.of(), api)) {
                return variant.form() == Form.RESTORED
                        ? afterRestore(variant, api, process)
                        : afterStart(variant, api, process);
            }
        }
    }

    private Measurement.Run afterStart(Variant variant, RuntimeApi api, FunctionProcess process) {
        long answered = api.awaitAnswer(variant.request().expected());
        double processor = milliseconds(process.processorTime().toNanos());
        return new Measurement.Run(
                milliseconds(answered - process.startNanoTime()),
                processor,
                process.residentMegabytes(),
                warm(variant, api));
    }

    private Measurement.Run afterRestore(Variant variant, RuntimeApi api, FunctionProcess process) {
        api.awaitSnapshot();
        pause();
        long processorBefore = process.processorTime().toNanos();
        long restored = System.nanoTime();
        api.restore();
        long answered = api.awaitAnswer(variant.request().expected());
        double processor = milliseconds(process.processorTime().toNanos() - processorBefore);
        return new Measurement.Run(
                milliseconds(answered - restored), processor, process.residentMegabytes(), warm(variant, api));
    }

    private double warm(Variant variant, RuntimeApi api) {
        double[] requests = new double[options.warmRequests()];
        for (int request = 0; request < requests.length; request++) {
            requests[request] = milliseconds(serve(variant, api));
        }
        return Distribution.of(requests).median();
    }

    private static long serve(Variant variant, RuntimeApi api) {
        return api.invoke(variant.request().events().get(), variant.request().expected());
    }

    /** Counts the classes that a process loads for one request, in a separate run because counting takes time. */
    private int loadedClasses(Variant variant) {
        Path log = folder.resolve("classes.log");
        long before = 0;
        try (var api = new RuntimeApi("counted");
                var _ = start(variant, List.of("-Xlog:class+load:file=" + log + ":none:filecount=0"), api)) {
            if (variant.form() == Form.RESTORED) {
                api.awaitSnapshot();
                before = classes(log);
                api.restore();
            }
            serve(variant, api);
            return (int) (classes(log) - before);
        }
    }

    private static long classes(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" source: ")).count();
        } catch (IOException e) {
            throw new BenchException("The list of loaded classes " + log + " cannot be read: " + e.getMessage(), e);
        }
    }

    private FunctionProcess start(Variant variant, List<String> more, RuntimeApi api) {
        Path task = folder.resolve("task");
        try {
            Files.createDirectories(task);
        } catch (IOException e) {
            throw new BenchException(task + " cannot be created: " + e.getMessage(), e);
        }
        return FunctionProcess.start(
                variant.launch(),
                Stream.of(variant.form().options(), variant.options(), more)
                        .flatMap(List::stream)
                        .toList(),
                api,
                task);
    }

    /** Waits between ready and restored, as a real snapshot does, until the compiler threads are idle. */
    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double milliseconds(long nanoseconds) {
        return nanoseconds / 1e6;
    }
}
