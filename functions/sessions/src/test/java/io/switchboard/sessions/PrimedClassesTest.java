package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.template.TemplateKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Priming covers all kinds of creates, so a restored function loads almost no further classes. */
class PrimedClassesTest {
    /** The classes of the product, the SDK, Jackson, Lambda and the compression, without the classes of the tests. */
    private static final Pattern LOADED = Pattern.compile(
            "(?m)((?:io\\.switchboard\\.(?!replay)|software\\.amazon|com\\.fasterxml|com\\.amazonaws|java\\.util\\.zip\\.(?:Deflater|GZIPOutput))\\S+) source:");

    /** Without priming, a failed condition loads about 70 classes, and the first create 1,000. */
    private static final int FEW = 10;

    private static final String OUTPUT = "output.log";

    private final SessionFixture fixture = new SessionFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path folder;

    @Test
    void restored_function_loads_few_classes_for_every_kind_of_create() throws Exception {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_tab","name":"Tab","pageType":"thirdPartyWebsite",
                 "parameters":{"url":"https://example.com/?q=","data":"{customer}"}}""");
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer}",
                 "communicationPanelMode":"docked","anchorTab":"contoso_tab"}""");
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,"genericSessionTemplates":"listed",
                 "sessionTemplates":["contoso_call"],"defaultSessionTemplates":{"channels":{"voice":"contoso_call"}}}""");
        fixture.assign("contoso_voice", "assigned");
        ApiEvent stored = fixture.post(
                Map.of("templateName", "contoso_call", "templateParameters", Map.of("customer", "Contoso & Sons")));
        ApiEvent replayed = ApiEvent.named("CreateSession", "201.idempotency-key");
        Map<String, ApiEvent> events = new LinkedHashMap<>();
        events.put("201 of CIF", ApiEvent.named("CreateSession", "201.cif-example"));
        events.put("201 of a record", ApiEvent.named("CreateSession", "201.apm-example"));
        events.put("201 from stored templates", stored.copy());
        events.put("201 by an assigned profile", stored.copy().user("assigned"));
        events.put("201 by channel", fixture.post(Map.of("channel", "voice")));
        events.put("403 by profile", fixture.post(Map.of("templateName", "msdyn_chat_session")));
        events.put("201 for a backend", ApiEvent.named("CreateSession", "201.backend-for-a-user"));
        events.put("201 with warnings", ApiEvent.named("CreateSession", "201.unresolved-slugs"));
        events.put("201 with a key", replayed.copy());
        events.put("201 replayed", replayed.copy());
        events.put("400", ApiEvent.named("CreateSession", "400.invalidRequest.all-violations-at-once"));
        events.put("422", ApiEvent.named("CreateSession", "422.templateNotFound.unknown-template"));
        events.put("403", ApiEvent.named("CreateSession", "403.permissionRequired.reading-only"));
        events.put("200 of a dry run", ApiEvent.named("CreateSession", "200.dry-run"));
        for (int i = 1; i <= 10; i++) {
            events.put("201 until the desk is full, " + i, stored.copy().user("full"));
        }
        events.put("201 compressed", stored.copy().user("compressed").header("accept-encoding", "gzip, deflate, br"));
        events.put("409", stored.copy().user("full"));

        Map<String, List<String>> loaded = loadedAfterPriming(events);

        assertThat(loaded).hasSize(events.size());
        loaded.forEach((event, classes) -> assertThat(classes).as(event).hasSizeLessThanOrEqualTo(FEW));
        assertThat(loaded.get("201 compressed")).isEmpty();
    }

    /** A start without SnapStart does not load the classes of the registration. */
    @Test
    void function_registers_only_if_lambda_starts_it_for_a_snapshot() throws Exception {
        fixture.environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        assertThat(start(StartedProcess.class, List.of())).doesNotContain("org.crac.Core ");

        fixture.environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        assertThat(start(StartedProcess.class, List.of())).contains("org.crac.Core ");
    }

    /** Returns the classes that each event loads in addition to priming and to earlier events. */
    private Map<String, List<String>> loadedAfterPriming(Map<String, ApiEvent> events)
            throws IOException, InterruptedException {
        List<String> files = new ArrayList<>();
        for (var event : events.entrySet()) {
            Path file = folder.resolve(event.getKey() + ".json");
            Files.writeString(file, event.getValue().toString());
            files.add(file.toString());
        }
        byte[] log = start(PrimedProcess.class, files).getBytes(StandardCharsets.UTF_8);
        Map<String, List<String>> loaded = new LinkedHashMap<>();
        Iterator<String> names = events.keySet().iterator();
        int begin = 0;
        for (String line : Files.readAllLines(folder.resolve(OUTPUT))) {
            int end = Integer.parseInt(line.substring(0, line.indexOf(' ')));
            if (begin > 0) {
                String name = names.next();
                assertThat(name).startsWith(line.substring(line.indexOf(' ') + 1));
                loaded.put(name, names(new String(log, begin, end - begin, StandardCharsets.UTF_8)));
            }
            begin = end;
        }
        return loaded;
    }

    /**
     * Runs a process with the environment of the fixture, and returns the JVM's log of loaded classes.
     *
     * @param arguments the arguments after the file of that log and the variables
     */
    private String start(Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes + ":none:filesize=0",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                classes.toString()));
        for (Map.Entry<String, String> variable : fixture.environment.entrySet()) {
            command.add(variable.getKey() + "=" + variable.getValue());
        }
        command.addAll(arguments);
        Path output = folder.resolve(OUTPUT);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return Files.readString(classes);
    }

    private static List<String> names(String log) {
        List<String> names = new ArrayList<>();
        Matcher loads = LOADED.matcher(log);
        while (loads.find()) {
            names.add(loads.group(1));
        }
        return names;
    }
}
