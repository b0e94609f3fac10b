package io.switchboard;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyDependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The architecture rules for the production code of every module. They check the classes on the class path. Each module
 * has its own subclass, so that its classes are checked in its own build.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // reading all classes takes seconds, so they are read once
public abstract class ArchitectureRules {
    private static final String AWS_SDK = "software.amazon.awssdk..";

    /** Includes nested classes. */
    private static final String STORE_CLASS = ".*\\.DynamoDb\\w*(\\$.*)?";

    /** The location of this class and of all other test fixtures. */
    private static final String FIXTURES = ArchitectureRules.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();

    private static final String STORED_DOCUMENT = ".*\\.Stored\\w+Document";

    /** The clients of other services, including nested classes. */
    private static final String SERVICE_CLASS = ".*\\.(DeskPush|EventBridge|SecretsManagerSecret|SimpleQueue)(\\$.*)?";

    /** The types that static fields may have: they are immutable, or are not changed after their creation. */
    private static final Set<String> IMMUTABLE = Set.of(
            "boolean",
            "int",
            "long",
            "java.lang.String",
            "java.lang.Integer",
            "java.util.Set",
            "java.util.List",
            "java.util.Map",
            "java.time.Duration",
            "java.time.Instant",
            "java.lang.ScopedValue",
            "java.util.HexFormat",
            "java.util.regex.Pattern",
            "com.fasterxml.jackson.core.JsonFactory",
            "software.amazon.awssdk.services.dynamodb.model.AttributeValue");

    /** The methods that read the system time. */
    private static final Set<String> TIME = Set.of(
            "System.nanoTime",
            "System.currentTimeMillis",
            "Instant.now",
            "LocalDate.now",
            "LocalDateTime.now",
            "OffsetDateTime.now",
            "ZonedDateTime.now");

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains(FIXTURES))
            .importPackages("io.switchboard");

    /** Returns the packages of the module's production classes, all of which must be checked. */
    protected abstract Set<String> ownPackages();

    @Test
    void own_packages_are_checked() {
        for (String name : ownPackages()) {
            if (classes.stream().noneMatch(each -> each.getPackageName().equals(name))) {
                throw new AssertionError("The package " + name + " has no classes on the class path");
            }
        }
    }

    /** The packages of core that each of its packages may use. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("identity", Set.of()),
            Map.entry("recordsource", Set.of()),
            Map.entry("json", Set.of("text")),
            Map.entry("storage", Set.of("text")),
            Map.entry("runtime", Set.of("json")),
            Map.entry("dynamodb", Set.of("runtime", "text")),
            Map.entry("eventbus", Set.of("dynamodb", "runtime")),
            Map.entry("queue", Set.of("dynamodb", "runtime")),
            Map.entry("http", Set.of("identity", "json", "runtime", "storage", "text")),
            Map.entry("slug", Set.of("json", "text")),
            Map.entry("template.rule", Set.of("json", "text")),
            Map.entry("template", Set.of("json", "slug", "template.rule", "text")),
            Map.entry("template.json", Set.of("json", "slug", "template", "template.rule", "text")),
            Map.entry("template.builtin", Set.of("json", "template", "template.json")),
            Map.entry(
                    "template.store",
                    Set.of("dynamodb", "json", "runtime", "storage", "template", "template.builtin", "template.rule")),
            Map.entry(
                    "template.catalog", Set.of("runtime", "storage", "template", "template.builtin", "template.store")),
            Map.entry("offer", Set.of("json", "slug", "template", "template.json", "text")),
            Map.entry("presence", Set.of("json", "offer", "template", "text")),
            Map.entry("session", Set.of("json", "offer", "slug", "text")),
            Map.entry(
                    "session.store",
                    Set.of(
                            "dynamodb",
                            "json",
                            "offer",
                            "presence",
                            "runtime",
                            "session",
                            "slug",
                            "storage",
                            "template",
                            "text")),
            Map.entry("session.resolve", Set.of("json", "recordsource", "session", "slug", "template", "text")));

    @Test
    void packages_of_core_use_those_below_them_only() {
        for (var use : USES.entrySet()) {
            Set<String> allowed = new TreeSet<>();
            allowed.add("io.switchboard." + use.getKey());
            use.getValue().forEach(name -> allowed.add("io.switchboard." + name));
            check(classes()
                    .that()
                    .resideInAPackage("io.switchboard." + use.getKey())
                    .should(onlyDependOnClassesThat(not(resideInAPackage("io.switchboard.."))
                            .or(resideInAnyPackage(allowed.toArray(String[]::new))))));
        }
    }

    @Test
    void values_do_not_depend_on_aws_or_http() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "io.switchboard.slug",
                        "io.switchboard.template",
                        "io.switchboard.session",
                        "io.switchboard.session.resolve",
                        "io.switchboard.recordsource")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws.."));
    }

    @Test
    void aws_sdk_is_used_by_stores_service_clients_and_the_package_dynamodb_only() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.switchboard.dynamodb", "io.switchboard.local..", "io.switchboard.embedded")
                .and(not(nameMatching(STORE_CLASS)))
                .and(not(nameMatching(SERVICE_CLASS)))
                .should(com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat(
                        resideInAPackage(AWS_SDK)
                                .and(not(com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName(
                                        "DynamoDbClient"))))));
    }

    @Test
    void stored_documents_do_not_depend_on_the_api() {
        check(noClasses()
                .that(nameMatching(STORED_DOCUMENT))
                .should()
                .dependOnClassesThat(nameMatching(".*\\.(\\w+Json|ObjectReader)"))
                .orShould(com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere(
                        com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasName.Predicates.name("toJson")))));
    }

    @Test
    void template_values_do_not_read_or_write_json() {
        check(noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.switchboard.template")
                .should()
                .haveName("toJson")
                .orShould()
                .haveRawParameterTypes(DescribedPredicate.describe(
                        "with a JSON reader",
                        types -> types.stream()
                                .anyMatch(type -> type.getSimpleName().equals("ObjectReader")))));
    }

    @Test
    void functions_are_independent_and_core_does_not_depend_on_them() {
        for (String function : Set.of("sessions", "templates", "callrecords")) {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.switchboard." + function + "..", "io.switchboard.local..", "io.switchboard.bench..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.switchboard." + function + ".."));
        }
    }

    @Test
    void packages_form_no_cycles() {
        slices().matching("io.switchboard.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void static_fields_are_immutable() {
        check(fields().that().areStatic().should(beFinalAndOfAnImmutableType()));
    }

    private static ArchCondition<JavaField> beFinalAndOfAnImmutableType() {
        return new ArchCondition<>("be final and of an immutable type") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                boolean isSynthetic = field.getModifiers().contains(JavaModifier.SYNTHETIC);
                boolean isImmutable = IMMUTABLE.contains(field.getRawType().getName())
                        || field.getRawType().isEnum()
                        || field.getRawType().isRecord()
                        || field.getRawType().getPackageName().startsWith("io.switchboard");
                boolean isFinal = field.getModifiers().contains(JavaModifier.FINAL);
                if (!isSynthetic && !(isFinal && isImmutable)) {
                    events.add(SimpleConditionEvent.violated(
                            field, field.getFullName() + " is static and mutable. Make it a member or a constant"));
                }
            }
        };
    }

    /** A test can advance an injected ticker or clock. It would have to wait for a class that reads the system time. */
    @Test
    void time_is_read_from_an_injected_ticker_or_clock() {
        check(noClasses()
                .that(not(nameMatching("io\\.switchboard\\.runtime\\.SystemTicker")))
                .should(accessTargetWhere(describe(
                        "reads the system time",
                        access -> TIME.contains(access.getTarget().getOwner().getSimpleName()
                                + '.'
                                + access.getTarget().getName())))));
    }

    @Test
    void class_names_are_specific() {
        check(noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Abstract\\w*)"));
    }

    @Test
    void records_contain_data_and_not_services() {
        check(noFields()
                .that()
                .areDeclaredInClassesThat()
                .areRecords()
                .should()
                .haveRawType(nameMatching(
                        ".*\\.(\\w*Store|\\w*Reader|\\w*Poster|\\w*Sender|\\w*Operations?|RouteTable|DynamoDb)")));
    }

    /**
     * A simple name identifies one type of a module. Outcomes of sealed interfaces are used with the name of the
     * interface.
     */
    @Test
    void types_of_a_module_have_unique_names() {
        Map<String, Set<String>> named = new TreeMap<>();
        for (JavaClass each : classes) {
            boolean isOwn = ownPackages().stream().anyMatch(own -> (each.getPackageName() + '.').startsWith(own + '.'));
            boolean isNamed =
                    !each.getSimpleName().isEmpty() && !each.getSimpleName().equals("package-info");
            if (isOwn && isNamed && !isOutcome(each.reflect())) {
                named.computeIfAbsent(each.getSimpleName(), name -> new TreeSet<>())
                        .add(each.getName());
            }
        }
        named.values().removeIf(types -> types.size() == 1);
        if (!named.isEmpty()) {
            throw new AssertionError("Types of one module share a simple name. Rename one of each: " + named.values());
        }
    }

    private static boolean isOutcome(Class<?> type) {
        Class<?> enclosing = type.getEnclosingClass();
        return enclosing != null && enclosing.isInterface() && enclosing.isSealed();
    }

    /** Checks a rule. A rule that applies to no class fails. */
    protected final void check(ArchRule rule) {
        rule.check(classes);
    }
}
