package io.switchboard.callrecords.model;

import io.switchboard.text.Seed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Generates valid bodies of any shape that the description of the types allows, and bodies with exactly one violation.
 * Bodies are JSON trees as {@link io.switchboard.json.Json} reads them. Not thread-safe.
 */
public final class GeneratedPayloads {
    private static final String NAMESPACE = "microsoft.graph.callRecords.";
    private static final int MOST_ELEMENTS = 3;
    private static final int ATTEMPTS = 50;

    private static final List<String> BAD_DATES = List.of(
            "",
            "2026-03-04",
            "2026-03-04T09:15:02",
            "2026-03-04T09:15",
            "2026-02-30T00:00:00Z",
            "2026-03-04T24:00:00Z",
            "String (timestamp)",
            "2026-03-04T09:15:02.1234567890123Z",
            "2026-03-04T09:15:02+14:01",
            "0000-01-01T00:00:00+00:01",
            "2026-3-04T09:15:02Z");

    private static final List<String> BAD_DURATIONS =
            List.of("", "P", "PT", "6ms", "P1Y", "P1M", "P1W", "PT1S1M", "1", "PT1.S", "P1DT");

    private static final List<String> BAD_MEMBERS =
            List.of("", "Unknown", "UNKNOWN", "audioo", "0", "1", "unknownFutureValue ", "String");

    private final SplittableRandom random;
    private final Description description = Description.read();

    /** An object of a body with its declared type and its actual type. */
    private static final class Typed extends LinkedHashMap<String, @Nullable Object> {
        private static final long serialVersionUID = 1L;

        private final transient ObjectType declared;
        private final transient ObjectType type;

        private Typed(ObjectType declared, ObjectType type) {
            this.declared = declared;
            this.type = type;
        }
    }

    /** An object of a body with its path. */
    private record Site(Typed object, String path) {
        String target(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        boolean isAnnotated() {
            return object.get(ObjectType.ANNOTATION) != null;
        }
    }

    /**
     * A body with one violation.
     *
     * @param target the property that a violation must name
     * @param kind the kind of corruption
     */
    public record Corruption(Map<String, @Nullable Object> body, String target, Kind kind) {}

    /** The kinds of corruption. */
    public enum Kind {
        WRONG_KIND_OF_JSON,
        NULL,
        NULL_ELEMENT,
        OUT_OF_RANGE,
        BAD_TEXT,
        UNKNOWN_MEMBER,
        UNKNOWN_PROPERTY,
        NAME_IN_ANOTHER_CASE,
        PROPERTY_OF_ANOTHER_TYPE,
        WRONG_TYPE_NAME,
        MISSING,
        BLANK_KEY
    }

    /** Variations that look like corruptions but are tolerated, with the reason. */
    public enum Tolerated {
        /**
         * Open types accept undeclared properties with any name and of any type: Graph's own samples need it
         * ({@code tenantId}).
         */
        DYNAMIC_PROPERTY,
        /** OData: readers ignore unknown annotations, and the SDKs send back the annotations that they have read. */
        ANNOTATION,
        /** The specification's own sample writes type names without {@code #}. */
        TYPE_WITHOUT_HASH,
        /** Null means that a nullable property has no value. */
        NULL_OR_ABSENT,
        /** JSON has one number type: 1.0 is an integer. */
        WHOLE_NUMBER_WITH_FRACTION,
        /** Modalities are a set; Graph does not guarantee an order, and the service sometimes repeats members. */
        REPEATED_MODALITY
    }

    /** The same seed gives the same bodies. */
    public GeneratedPayloads(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Returns a session, with or without segments. */
    public Map<String, @Nullable Object> session() {
        return entity("session");
    }

    /** Returns a call record, with or without sessions, organizer and participants. */
    public Map<String, @Nullable Object> callRecord() {
        return entity("callRecord");
    }

    /** Returns a segment. */
    public Map<String, @Nullable Object> segment() {
        return entity("segment");
    }

    /** Returns a participant. */
    public Map<String, @Nullable Object> participant() {
        return entity("participant");
    }

    /** Returns a copy of a generated body with one violation. */
    public Corruption corrupt(Map<String, @Nullable Object> body) {
        Map<String, @Nullable Object> copy = copy(body);
        List<Site> sites = sites(copy);
        while (true) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            // Some kinds apply to few properties.
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                @Nullable String target = corrupt(kind, sites.get(random.nextInt(sites.size())));
                if (target != null) {
                    return new Corruption(copy, target, kind);
                }
            }
        }
    }

    /** Returns a copy of a generated body with a tolerated variation. */
    public Map<String, @Nullable Object> vary(Map<String, @Nullable Object> body, Tolerated way) {
        Map<String, @Nullable Object> copy = copy(body);
        for (Site site : sites(copy)) {
            vary(way, site);
        }
        return copy;
    }

    /**
     * Returns the type annotation that responses must have on an object of a generated body: always in the closed
     * hierarchies of endpoints and user agents; for identities only if the type is more derived than the declared one.
     * Null for none.
     */
    @Nullable
    String shownType(Map<?, ?> object) {
        if (!(object instanceof Typed typed)) {
            return null;
        }
        return switch (typed.declared.name()) {
            case "endpoint", "userAgent" -> typed.type.annotation();
            case "identity", "identitySet" -> typed.type.equals(typed.declared) ? null : typed.type.annotation();
            default -> null;
        };
    }

    /** Returns true if an object is one of the declared types, not a dynamic value. */
    boolean isDeclared(Map<?, ?> object) {
        return object instanceof Typed;
    }

    /** Returns every property that an object of a call record can have, as {@code #type.property}. */
    Set<String> properties() {
        Set<String> properties = new TreeSet<>();
        for (ObjectType type : description.objectTypes()) {
            boolean isRow = type.name().matches(".*(LogRow|Report)");
            if (!type.isAbstract() && !isRow) {
                type.properties().forEach(property -> properties.add(type.annotation() + "." + property.name()));
            }
        }
        return properties;
    }

    /** Returns the properties of the objects in a body, in that form. */
    static Set<String> propertiesOf(Map<String, @Nullable Object> body) {
        Set<String> properties = new TreeSet<>();
        for (Site site : sites(body)) {
            site.object.type.properties().stream()
                    .filter(property -> site.object.get(property.name()) != null)
                    .forEach(property -> properties.add(site.object.type.annotation() + "." + property.name()));
        }
        return properties;
    }

    private Map<String, @Nullable Object> entity(String name) {
        ObjectType type = description.objectType(NAMESPACE + name);
        return object(type, true);
    }

    private Map<String, @Nullable Object> object(ObjectType declared, boolean isRoot) {
        List<ObjectType> concrete = declared.concrete();
        ObjectType type = concrete.get(random.nextInt(concrete.size()));
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        // Both sparse and full objects.
        int density = random.nextInt(1, 10);
        for (Property property : type.properties()) {
            if (property.isRequired() || random.nextInt(10) < density) {
                members.put(property.name(), property.isNullable() && random.nextInt(10) == 0 ? null : value(property));
            }
        }
        if (type.isOpen()) {
            for (int i = random.nextInt(4); i > 0; i--) {
                String name = Seed.text(random, 4).replace("@", "");
                if (type.property(name) == null) {
                    members.put(name, dynamic(3));
                }
            }
        }
        if (random.nextInt(10) == 0) {
            members.put(Seed.text(random, 3) + "@odata." + random.nextInt(3), dynamic(2));
        }
        if (!determinesItsType(declared, type, members) || random.nextInt(3) == 0) {
            String annotation = type.annotation();
            members.put(ObjectType.ANNOTATION, random.nextInt(3) == 0 ? annotation.substring(1) : annotation);
        }
        List<String> names = new ArrayList<>(members.keySet());
        if (!isRoot || random.nextBoolean()) {
            Collections.shuffle(names, Random.from(random));
        }
        Typed object = new Typed(declared, type);
        names.forEach(name -> object.put(name, members.get(name)));
        return object;
    }

    /** Returns true if the members match only this type, or this is the declared type and they match it. */
    private static boolean determinesItsType(
            ObjectType declared, ObjectType type, Map<String, @Nullable Object> members) {
        if (declared.concrete().size() == 1 && !declared.isAbstract()) {
            return true;
        }
        if (declared.isOpen()) {
            return type.equals(declared);
        }
        List<ObjectType> fitting = declared.concrete().stream()
                .filter(each ->
                        members.keySet().stream().allMatch(name -> name.contains("@") || each.property(name) != null))
                .toList();
        boolean isEmpty = members.keySet().stream().allMatch(name -> name.contains("@"));
        return declared.isAbstract()
                ? fitting.equals(List.of(type)) && !isEmpty
                : type.equals(declared) || (fitting.equals(List.of(type)) && !fitting.contains(declared));
    }

    private @Nullable Object value(Property property) {
        if (!property.isCollection()) {
            return single(property);
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = random.nextInt(property.isRequired() ? 1 : 0, MOST_ELEMENTS + 1); i > 0; i--) {
            elements.add(single(property));
        }
        return elements;
    }

    private Object single(Property property) {
        return switch (property.type()) {
            case EnumType members ->
                members.sendable().get(random.nextInt(members.sendable().size()));
            case ObjectType type ->
                type.isAbstract() && random.nextInt(8) == 0 ? new LinkedHashMap<>() : object(type, false);
            case PrimitiveType primitive ->
                property.role() == Property.Role.KEY
                        ? "id " + random.nextInt(1_000) + Seed.text(random, 3)
                        : primitive(primitive);
        };
    }

    private Object primitive(PrimitiveType type) {
        return switch (type) {
            case STRING -> Seed.text(random, 6);
            case BOOLEAN -> random.nextBoolean();
            case INT32 ->
                switch (random.nextInt(5)) {
                    case 0 -> Integer.MAX_VALUE;
                    case 1 -> Integer.MIN_VALUE;
                    case 2 -> BigDecimal.valueOf(random.nextInt(1_000)).setScale(random.nextInt(1, 4));
                    default -> random.nextInt();
                };
            case INT64 ->
                switch (random.nextInt(5)) {
                    case 0 -> Long.MAX_VALUE;
                    case 1 -> Long.MIN_VALUE;
                    case 2 -> new BigDecimal("1E+" + random.nextInt(1, 19));
                    case 3 -> random.nextInt();
                    default -> random.nextLong(Integer.MAX_VALUE + 1L, Long.MAX_VALUE);
                };
            case SINGLE ->
                switch (random.nextInt(6)) {
                    case 0 -> List.of("NaN", "INF", "-INF").get(random.nextInt(3));
                    case 1 -> random.nextInt();
                    case 2 -> new BigDecimal("3.4028234E+38");
                    case 3 -> new BigDecimal("1E-" + random.nextInt(1, 400));
                    default -> BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(1, 12));
                };
            case DECIMAL -> BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(0, 12));
            case DATE_TIME_OFFSET -> dateTime();
            case DURATION -> duration();
        };
    }

    private String dateTime() {
        StringBuilder text = new StringBuilder("%04d-%02d-%02dT%02d:%02d:%02d"
                .formatted(
                        random.nextInt(4) == 0 ? random.nextInt(1, 9_999) : random.nextInt(2019, 2031),
                        random.nextInt(1, 13),
                        random.nextInt(1, 29),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60)));
        int digits = random.nextInt(13);
        for (int i = 0; i < digits; i++) {
            text.append(i == 0 ? "." : "").append(random.nextInt(3) == 0 ? 0 : random.nextInt(10));
        }
        if (random.nextBoolean()) {
            return text.append('Z').toString();
        }
        int minutes = random.nextInt(14 * 60 + 1);
        return text.append(random.nextBoolean() ? '+' : '-')
                .append("%02d:%02d".formatted(minutes / 60, minutes % 60))
                .toString();
    }

    private String duration() {
        int parts = random.nextInt(1, 16);
        StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "-P" : "P");
        if ((parts & 1) != 0) {
            text.append(random.nextInt(400)).append('D');
        }
        if (parts > 1) {
            text.append('T');
        }
        if ((parts & 2) != 0) {
            text.append(random.nextInt(100)).append('H');
        }
        if ((parts & 4) != 0) {
            text.append(random.nextInt(100)).append('M');
        }
        if ((parts & 8) != 0) {
            text.append(random.nextInt(100))
                    .append(random.nextBoolean() ? "" : "." + random.nextInt(1_000_000))
                    .append('S');
        }
        return text.toString();
    }

    /** Returns any JSON value. */
    private @Nullable Object dynamic(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(1, 20));
            case 4, 5 -> Seed.text(random, 4);
            case 6 -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (int i = random.nextInt(MOST_ELEMENTS); i > 0; i--) {
                    elements.add(dynamic(depth - 1));
                }
                yield elements;
            }
            default -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                for (int i = random.nextInt(MOST_ELEMENTS); i > 0; i--) {
                    members.put(Seed.text(random, 3), dynamic(depth - 1));
                }
                if (random.nextInt(3) == 0) {
                    members.put(ObjectType.ANNOTATION, "#microsoft.graph.identity");
                }
                yield members;
            }
        };
    }

    /** Returns a copy that keeps its types. */
    private Map<String, @Nullable Object> copy(Map<?, ?> object) {
        Map<String, @Nullable Object> copy =
                object instanceof Typed typed ? new Typed(typed.declared, typed.type) : new LinkedHashMap<>();
        object.forEach((name, value) -> copy.put((String) name, copyOf(value)));
        return copy;
    }

    private @Nullable Object copyOf(@Nullable Object value) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> copy = new ArrayList<>();
            elements.forEach(element -> copy.add(copyOf(element)));
            return copy;
        }
        return value instanceof Map<?, ?> object ? copy(object) : value;
    }

    private static List<Site> sites(Map<String, @Nullable Object> body) {
        List<Site> sites = new ArrayList<>();
        addSites(body, "", sites);
        return sites;
    }

    private static void addSites(@Nullable Object value, String path, List<Site> sites) {
        if (value instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                addSites(elements.get(i), path + "[" + i + "]", sites);
            }
        } else if (value instanceof Typed object) {
            Site site = new Site(object, path);
            sites.add(site);
            object.forEach((name, member) -> addSites(member, site.target(name), sites));
        }
    }

    /** Corrupts a property of the object and returns its target; null if the kind applies to none. */
    private @Nullable String corrupt(Kind kind, Site site) {
        return switch (kind) {
            case UNKNOWN_PROPERTY -> unknownProperty(site);
            case NAME_IN_ANOTHER_CASE -> nameInAnotherCase(site);
            case PROPERTY_OF_ANOTHER_TYPE -> propertyOfAnotherType(site);
            case WRONG_TYPE_NAME -> {
                site.object.put(ObjectType.ANNOTATION, wrongTypeName(site.object.declared));
                yield site.target(ObjectType.ANNOTATION);
            }
            case WRONG_KIND_OF_JSON, NULL, NULL_ELEMENT, OUT_OF_RANGE, BAD_TEXT, UNKNOWN_MEMBER, MISSING, BLANK_KEY -> {
                List<Property> present = site.object.type.properties().stream()
                        .filter(property -> site.object.get(property.name()) != null)
                        .toList();
                yield present.isEmpty() ? null : corrupt(kind, site, present.get(random.nextInt(present.size())));
            }
        };
    }

    private @Nullable String corrupt(Kind kind, Site site, Property property) {
        String name = property.name();
        String target = site.target(name);
        if (kind == Kind.MISSING) {
            return property.isRequired() && site.object.keySet().remove(name) ? target : null;
        }
        if (kind == Kind.NULL_ELEMENT) {
            if (!(site.object.get(name) instanceof List<?> elements)) {
                return null;
            }
            List<@Nullable Object> more = new ArrayList<>(elements);
            int at = random.nextInt(more.size() + 1);
            more.add(at, null);
            site.object.put(name, more);
            return target + "[" + at + "]";
        }
        @Nullable Object wrong = wrong(kind, property);
        boolean isNull = kind == Kind.NULL && !property.isNullable();
        if (wrong == null && !isNull) {
            return null;
        }
        boolean isInElement = kind == Kind.OUT_OF_RANGE || kind == Kind.BAD_TEXT || kind == Kind.UNKNOWN_MEMBER;
        if (isInElement && property.isCollection()) {
            List<@Nullable Object> elements = new ArrayList<>((List<?>) site.object.get(name));
            elements.add(wrong);
            site.object.put(name, elements);
            return target + "[" + (elements.size() - 1) + "]";
        }
        site.object.put(name, wrong);
        return target;
    }

    private @Nullable Object wrong(Kind kind, Property property) {
        return switch (kind) {
            case WRONG_KIND_OF_JSON -> wrongKind(property);
            case OUT_OF_RANGE ->
                switch (property.type()) {
                    case PrimitiveType.INT32 ->
                        oneOf(2_147_483_648L, -2_147_483_649L, new BigDecimal("0.5"), new BigDecimal("1E+10"));
                    case PrimitiveType.INT64 ->
                        oneOf(
                                new BigInteger("9223372036854775808"),
                                new BigInteger("-9223372036854775809"),
                                new BigDecimal("1.5"),
                                new BigDecimal("1E+999999999"));
                    case PrimitiveType.SINGLE ->
                        oneOf(new BigDecimal("3.5E+38"), new BigDecimal("-1E+39"), new BigDecimal("1E+999999999"));
                    case PrimitiveType primitive -> null;
                    case EnumType members -> null;
                    case ObjectType type -> null;
                };
            case BAD_TEXT ->
                switch (property.type()) {
                    case PrimitiveType.DATE_TIME_OFFSET -> oneOf(BAD_DATES.toArray());
                    case PrimitiveType.DURATION -> oneOf(BAD_DURATIONS.toArray());
                    case PrimitiveType.SINGLE -> oneOf("", "nan", "Infinity", "0.5", "1");
                    case PrimitiveType primitive -> null;
                    case EnumType members -> null;
                    case ObjectType type -> null;
                };
            case UNKNOWN_MEMBER ->
                property.type() instanceof EnumType members
                        ? oneOf(oneOf(BAD_MEMBERS.toArray()), members.sendable().getFirst() + "x")
                        : null;
            case BLANK_KEY -> property.role() == Property.Role.KEY ? oneOf("", " ", "\t\n") : null;
            case NULL,
                    NULL_ELEMENT,
                    MISSING,
                    UNKNOWN_PROPERTY,
                    NAME_IN_ANOTHER_CASE,
                    PROPERTY_OF_ANOTHER_TYPE,
                    WRONG_TYPE_NAME -> null;
        };
    }

    private Object wrongKind(Property property) {
        while (true) {
            Object value = oneOf(
                    true, 7, new BigDecimal("0.5"), "text", "7", List.of(), List.of("audio"), Map.of(), Map.of("x", 1));
            boolean isRight = property.isCollection()
                    ? value instanceof List
                    : switch (property.type()) {
                        case PrimitiveType.BOOLEAN -> value instanceof Boolean;
                        case PrimitiveType.INT32, PrimitiveType.INT64, PrimitiveType.DECIMAL, PrimitiveType.SINGLE ->
                            value instanceof Number;
                        case PrimitiveType primitive -> value instanceof String;
                        case EnumType members -> value instanceof String;
                        case ObjectType type -> value instanceof Map;
                    };
            if (!isRight) {
                return value;
            }
        }
    }

    private @Nullable String unknownProperty(Site site) {
        if (site.object.type.isOpen()) {
            return null;
        }
        String name = (String) oneOf("foo", "$filter", "odata.type", "segment", "x y", "é");
        site.object.put(name, dynamic(2));
        return site.target(name);
    }

    private @Nullable String nameInAnotherCase(Site site) {
        List<String> names = site.object.keySet().stream()
                .filter(name -> site.object.type.property(name) != null)
                .toList();
        if (site.object.type.isOpen() || names.isEmpty()) {
            return null;
        }
        String name = names.get(random.nextInt(names.size()));
        String other = Character.isUpperCase(name.charAt(0))
                ? Character.toLowerCase(name.charAt(0)) + name.substring(1)
                : Character.toUpperCase(name.charAt(0)) + name.substring(1);
        site.object.put(other, site.object.remove(name));
        return site.target(other);
    }

    private @Nullable String propertyOfAnotherType(Site site) {
        TreeSet<String> names = new TreeSet<>();
        for (ObjectType each : site.object.declared.concrete()) {
            each.properties().forEach(property -> names.add(property.name()));
        }
        site.object.type.properties().forEach(property -> names.remove(property.name()));
        if (names.isEmpty() || !site.isAnnotated() || site.object.type.isOpen()) {
            return null;
        }
        String name = List.copyOf(names).get(random.nextInt(names.size()));
        site.object.put(name, null);
        return site.target(name);
    }

    private Object wrongTypeName(ObjectType declared) {
        while (true) {
            List<ObjectType> all = description.objectTypes();
            ObjectType any = all.get(random.nextInt(all.size()));
            Object name = oneOf(
                    any.annotation(),
                    any.annotation().substring(1),
                    any.annotation().toUpperCase(Locale.ROOT),
                    "#",
                    "",
                    7,
                    true,
                    List.of());
            boolean isRight = name instanceof String text
                    && any.isA(declared)
                    && !any.isAbstract()
                    && text.endsWith(any.annotation().substring(1));
            if (!isRight) {
                return name;
            }
        }
    }

    private void vary(Tolerated way, Site site) {
        switch (way) {
            case DYNAMIC_PROPERTY -> {
                if (site.object.type.isOpen()) {
                    site.object.put("Id", dynamic(3));
                    site.object.put("foo", dynamic(3));
                }
            }
            case ANNOTATION -> {
                site.object.put("@odata.context", dynamic(2));
                site.object.put("foo@odata.type", dynamic(2));
                site.object.put("id@x", dynamic(2));
            }
            case TYPE_WITHOUT_HASH ->
                site.object.computeIfPresent(
                        ObjectType.ANNOTATION, (name, type) -> type.toString().replace("#", ""));
            case NULL_OR_ABSENT -> {
                for (Property property : site.object.type.properties()) {
                    if (property.isNullable() && site.object.containsKey(property.name())) {
                        site.object.put(property.name(), null);
                    }
                }
            }
            case WHOLE_NUMBER_WITH_FRACTION -> {
                for (Property property : site.object.type.properties()) {
                    if (site.object.get(property.name()) instanceof Integer number) {
                        site.object.put(property.name(), new BigDecimal(number).setScale(2));
                    }
                }
            }
            case REPEATED_MODALITY -> {
                if (site.object.get("modalities") instanceof List<?> modalities) {
                    List<@Nullable Object> twice = new ArrayList<>(modalities);
                    twice.addAll(modalities);
                    site.object.put("modalities", twice);
                }
            }
        }
    }

    private Object oneOf(Object... values) {
        return values[random.nextInt(values.length)];
    }
}
