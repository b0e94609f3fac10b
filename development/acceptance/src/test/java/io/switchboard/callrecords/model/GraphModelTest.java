package io.switchboard.callrecords.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.kiota.PeriodAndDuration;
import com.microsoft.kiota.serialization.JsonParseNode;
import com.microsoft.kiota.serialization.Parsable;
import com.microsoft.kiota.serialization.ParseNode;
import com.microsoft.kiota.serialization.ValuedEnum;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that {@code call-records.model} matches the models of Graph's clients for Java, both released and beta, which
 * Microsoft generates from Graph's metadata.
 */
class GraphModelTest {
    private static final String MODELS = "com.microsoft.graph.models.";
    private static final String BETA_MODELS = "com.microsoft.graph.beta.models.";

    private static final String ENUMERATION = "an enumeration";

    private static final Description DESCRIPTION = Description.read();

    /** Types that only the beta client has. */
    private static final Set<String> BETA_TYPES =
            Set.of("smsLogRow", "pstnBlockedUsersLogRow", "pstnOnlineMeetingDialoutReport");

    /**
     * Undescribed types in the clients' package: the base of rows in beta, whose properties the rows have themselves,
     * as in the released client.
     */
    private static final Map<String, Set<String>> NOT_DESCRIBED =
            Map.of(MODELS, Set.of(), BETA_MODELS, Set.of("CallLogRow"));

    /** Members of open types, and of an enumeration, that only the beta client has. They are kept as unknown ones. */
    private static final Set<String> BETA_MEMBERS = Set.of(
            "chatMessageMentionedIdentitySet.tag",
            "teamworkUserIdentity.userPrincipalName",
            "azureCommunicationServicesUser");

    /** Returns the types that a client has. */
    private static List<ObjectType> types(String models) {
        return DESCRIPTION.objectTypes().stream()
                .filter(type -> models.equals(BETA_MODELS) || !BETA_TYPES.contains(type.name()))
                .toList();
    }

    /** Returns the properties of a type that a client has. */
    private static List<Property> properties(String models, ObjectType type) {
        return type.properties().stream()
                .filter(property -> models.equals(BETA_MODELS) || property.role() != Property.Role.BETA)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, BETA_MODELS})
    void types_have_the_properties_of_graphs_clients(String models) {
        Set<String> differences = new TreeSet<>();
        for (ObjectType type : types(models)) {
            Set<String> declared = properties(models, type).stream()
                    .map(Property::name)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> generated =
                    new TreeSet<>(made(models, type).getFieldDeserializers().keySet());
            generated.remove(ObjectType.ANNOTATION);
            for (String property : generated) {
                if (!declared.remove(property) && !BETA_MEMBERS.contains(type.name() + "." + property)) {
                    differences.add(type + "." + property + " is not described");
                }
            }
            declared.forEach(property -> differences.add(type + "." + property + " is not in the client"));
        }
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, BETA_MODELS})
    void properties_have_the_types_of_graphs_clients(String models) {
        Map<String, String> described = new TreeMap<>();
        Map<String, String> generated = new TreeMap<>();
        for (ObjectType type : types(models)) {
            for (Property property : properties(models, type)) {
                String name = type + "." + property.name();
                described.put(name, inWords(models, property));
                generated.put(name, inWords(getter(models, type, property)));
            }
        }
        assertThat(generated).isEqualTo(described).hasSizeGreaterThan(180);
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, BETA_MODELS})
    void enumerations_have_the_members_of_graphs_clients_in_their_order(String models) {
        Map<String, List<String>> described = new TreeMap<>();
        Map<String, List<String>> generated = new TreeMap<>();
        for (ObjectType type : types(models)) {
            for (Property property : properties(models, type)) {
                if (property.type() instanceof EnumType members) {
                    Class<?> generatedEnum = element(getter(models, type, property));
                    described.put(generatedEnum.getName(), members.members());
                    generated.put(
                            generatedEnum.getName(),
                            Stream.of(requireNonNull(generatedEnum.getEnumConstants()))
                                    .map(member -> ((ValuedEnum) member).getValue())
                                    .filter(member -> models.equals(MODELS) || !BETA_MEMBERS.contains(member))
                                    .toList());
                }
            }
        }
        assertThat(generated).isEqualTo(described).hasSize(models.equals(MODELS) ? 20 : 21);
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, BETA_MODELS})
    void clients_read_each_derived_type_by_its_type_annotation(String models) throws Exception {
        for (ObjectType type : types(models)) {
            for (ObjectType derived : type.derived()) {
                JsonObject json = new JsonObject();
                json.addProperty(ObjectType.ANNOTATION, derived.annotation());
                Object read = javaClass(models, type)
                        .getMethod("createFromDiscriminatorValue", ParseNode.class)
                        .invoke(null, new JsonParseNode(json));
                Class<?> expected = derived.annotation().equals("#microsoft.graph.userIdentity")
                        // A bug of the clients: they use Graph's type instead of that of call records, which has no
                        // ipAddress.
                        ? javaClass(models, DESCRIPTION.objectType("microsoft.graph.callRecords.userIdentity"))
                        : javaClass(models, derived);
                assertThat(requireNonNull(read).getClass()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, BETA_MODELS})
    void all_types_of_the_namespace_are_described(String models) throws Exception {
        Set<String> described = new TreeSet<>();
        for (ObjectType type : types(models)) {
            described.add(javaClass(models, type).getName());
            for (Property property : properties(models, type)) {
                if (property.type() instanceof EnumType) {
                    described.add(element(getter(models, type, property)).getName());
                }
            }
        }
        String folder = (models + "callrecords.").replace('.', '/');
        Path jar = Path.of(javaClass(models, DESCRIPTION.objectType("microsoft.graph.callRecords.session"))
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (JarFile classes = new JarFile(jar.toFile())) {
            assertThat(classes.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
                            .map(name -> name.substring(folder.length(), name.length() - ".class".length()))
                            // A page of a list: its value and the link to the next page.
                            .filter(name -> !name.endsWith("CollectionResponse"))
                            .filter(name -> !described.contains((folder + name).replace('/', '.')))
                            .collect(Collectors.toSet()))
                    .isEqualTo(NOT_DESCRIBED.get(models));
        }
    }

    /** Returns the class of a type. Graph's client for Java has its own spelling of types and properties. */
    private static Class<?> javaClass(String models, ObjectType type) {
        String namespace = type.annotation().startsWith("#microsoft.graph.callRecords.") ? "callrecords." : "";
        try {
            return Class.forName(models + namespace + capital(type.name()));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(type.annotation() + " is not in the client", e);
        }
    }

    private static Parsable made(String models, ObjectType type) {
        try {
            return (Parsable) javaClass(models, type).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("The client's models must have a constructor without parameters", e);
        }
    }

    private static Type getter(String models, ObjectType type, Property property) {
        String name = Stream.of(property.name().split("_", -1))
                .map(GraphModelTest::capital)
                .collect(Collectors.joining("", "get", ""));
        try {
            return javaClass(models, type).getMethod(name).getGenericReturnType();
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    /** Returns the class of a value, or of a collection's elements. */
    private static Class<?> element(Type type) {
        return (Class<?>)
                (type instanceof ParameterizedType collection ? collection.getActualTypeArguments()[0] : type);
    }

    private static String inWords(Type getter) {
        Class<?> element = element(getter);
        return (getter instanceof ParameterizedType ? "collection of " : "")
                + (element.isEnum() ? ENUMERATION : element.getName());
    }

    private static String inWords(String models, Property property) {
        return (property.isCollection() ? "collection of " : "")
                + switch (property.type()) {
                    case PrimitiveType primitive -> javaClass(primitive).getName();
                    case ObjectType object -> javaClass(models, object).getName();
                    // The members identify the enumeration.
                    case EnumType members -> ENUMERATION;
                };
    }

    private static Class<?> javaClass(PrimitiveType type) {
        return switch (type) {
            case STRING -> String.class;
            case BOOLEAN -> Boolean.class;
            case INT32 -> Integer.class;
            case INT64 -> Long.class;
            case DECIMAL -> BigDecimal.class;
            case SINGLE -> Float.class;
            case DATE_TIME_OFFSET -> OffsetDateTime.class;
            case DURATION -> PeriodAndDuration.class;
        };
    }
}
