package io.switchboard.bench;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.DynamoDbImportStore;
import io.switchboard.template.store.DynamoDbTemplateStore;
import io.switchboard.template.store.ImportStore;
import io.switchboard.template.store.PutOutcome;
import io.switchboard.template.store.TemplateFilter;
import io.switchboard.template.store.TemplateStore;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a list of 100,000 templates has each template once and in order during concurrent writes, and that the
 * last page is as fast as the first ({@code docs/explanation/architecture.md}, "Budgets": at most 1.2 times, also
 * compared with a tenant of a single page). Uses DynamoDB Local and exits with 1 if a check fails.
 */
public final class ListingBench {
    private static final String LARGE = "large";
    private static final String SMALL = "small";
    private static final int WRITERS = 2;
    private static final int FILL_AT_ONCE = 100;
    private static final int TEMPORARY_AT_ONCE = 100;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ListingOptions options;
    private final PrintStream out;

    ListingBench(ListingOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Measures and prints. Exits with 1 if a template is missing or duplicated, or a page is too slow. */
    public static void main(String[] arguments) {
        boolean holds = false;
        try {
            holds = new ListingBench(ListingOptions.parse(arguments), System.out).run();
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
        }
        System.exit(holds ? 0 : 1);
    }

    boolean run() {
        Deployment deployment = Deployment.read(
                options.root().resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        out.println("Starting DynamoDB Local");
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            EmptyTables.create(deployment, dynamoDb.endpoint());
            BuiltInTemplates builtIn = BuiltInTemplates.load();
            String table = EmptyTables.named(deployment, "TEMPLATES_TABLE");
            DynamoDb client = new DynamoDb(Wiring.client(EmptyTables.environment(Map.of(), dynamoDb.endpoint())));
            fill(new DynamoDbImportStore(client, table, builtIn), writers);
            TemplateStore store = new DynamoDbTemplateStore(client, table, builtIn);
            return list(store, new TemplateCatalog(store, builtIn), writers);
        }
    }

    private void fill(ImportStore store, ExecutorService writers) {
        long begin = System.nanoTime();
        put(store, SMALL, 0, options.page());
        List<Future<?>> parts = new ArrayList<>();
        for (int from = 0; from < options.templates(); from += FILL_AT_ONCE) {
            int first = from;
            int end = Math.min(options.templates(), from + FILL_AT_ONCE);
            parts.add(writers.submit(() -> put(store, LARGE, first, end)));
        }
        for (Future<?> part : parts) {
            await(part);
        }
        out.printf(
                Locale.ROOT,
                "Stored %d templates in one tenant and %d in another in %.0f s%n",
                options.templates(),
                options.page(),
                PageWalk.milliseconds(begin) / 1_000);
    }

    private static void put(ImportStore store, String tenant, int from, int end) {
        List<Template> templates = new ArrayList<>();
        for (int place = from; place < end; place++) {
            templates.add(template(ListingAudit.name(place)));
        }
        while (!templates.isEmpty()) {
            List<PutOutcome> outcomes = store.putAll(tenant, templates, false, "bench", Instant.now());
            List<Template> left = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                switch (outcomes.get(i)) {
                    case PutOutcome.Created created -> {}
                    case PutOutcome.Unchanged unchanged -> {}
                    case PutOutcome.Pending pending -> left.add(templates.get(i));
                    default -> throw new BenchException("A template could not be stored: " + outcomes.get(i));
                }
            }
            templates = left;
        }
    }

    private static Template template(String uniqueName) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("uniqueName", uniqueName);
        json.put("name", "Call");
        json.put("description", "Opens when a customer of the shop calls.");
        json.put("type", "generic");
        json.put("title", "{customerName}");
        json.put("communicationPanelMode", "docked");
        json.put("anchorTab", "msdyn_omnichannel_kbsearch");
        Violations violations = new Violations();
        Template template = TemplateJson.read(TemplateKind.SESSION_TEMPLATE, new ObjectReader(json, "", violations));
        if (!violations.isEmpty()) {
            throw new BenchException("The template of the benchmark is invalid: " + violations.all());
        }
        return template;
    }

    private boolean list(TemplateStore store, TemplateCatalog catalog, ExecutorService writers) {
        PageWalk<Stored<Template>> pages =
                new PageWalk<>(after -> page(catalog, LARGE, after), () -> page(catalog, SMALL, null), out);
        pages.warm();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong written = new AtomicLong();
        List<Future<?>> writing = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            writing.add(writers.submit(() -> write(store, writer, isOver, written)));
        }
        ListingAudit audit = new ListingAudit(options.templates());
        boolean isFast;
        try {
            isFast = pages.walk(stored -> audit.show(stored.template().uniqueName()));
        } finally {
            isOver.set(true);
        }
        for (Future<?> writer : writing) {
            await(writer);
        }
        out.print(audit.text());
        out.printf(Locale.ROOT, "Two writers wrote %d times during the walk.%n", written.get());
        if (written.get() == 0) {
            throw new BenchException("No writes occurred while the list was read, so the result is invalid."
                    + " Run the benchmark again.");
        }
        return audit.isComplete() && isFast;
    }

    /** Creates and deletes templates in the whole range of the list until the walk ends. */
    private void write(TemplateStore store, int writer, AtomicBoolean isOver, AtomicLong written) {
        SplittableRandom random = new SplittableRandom(writer);
        Deque<String> temporary = new ArrayDeque<>();
        for (long number = writer; !isOver.get(); number += WRITERS) {
            String uniqueName = ListingAudit.temporaryName(random.nextInt(options.templates()), number);
            store.create(LARGE, template(uniqueName), null, "bench", Instant.now());
            temporary.add(uniqueName);
            written.incrementAndGet();
            if (temporary.size() > TEMPORARY_AT_ONCE) {
                store.delete(
                        LARGE, TemplateKind.SESSION_TEMPLATE, temporary.remove(), Precondition.NONE, Instant.now());
                written.incrementAndGet();
            }
            pause();
        }
    }

    private Page<Stored<Template>> page(TemplateCatalog catalog, String tenant, @Nullable String after) {
        return catalog.list(
                tenant,
                TemplateKind.SESSION_TEMPLATE,
                TemplateFilter.ALL,
                new PageRequest(after, options.page()),
                Instant.now());
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new BenchException("A writer failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
