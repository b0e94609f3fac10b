package io.switchboard.callrecords.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The description of the types, {@code call-records.model}. The head of that file explains its format. Immutable once
 * read.
 */
final class Description {
    private static final String RESOURCE = "call-records.model";
    private static final String SERVICE = "service.model";
    private static final String COLLECTION = "[]";

    private final Map<String, ValueType> types = new LinkedHashMap<>();
    private final List<Declared> declared = new ArrayList<>();
    private final Set<String> annotations = new HashSet<>();
    private String namespace = "";
    private String firstNamespace = "";

    /** An object type and the lines of its properties, which may name types that are declared later. */
    private record Declared(ObjectType type, String namespace, List<String> lines) {}

    private Description(String text) {
        for (PrimitiveType primitive : PrimitiveType.values()) {
            types.put(primitive.edmName(), primitive);
        }
        // No streams or lambdas: the first ones of a process cost more than reading the whole description.
        StringBuilder continued = new StringBuilder();
        StringTokenizer lines = new StringTokenizer(text, "\n");
        while (lines.hasMoreTokens()) {
            String line = lines.nextToken().strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            continued.append(line);
            if (!line.endsWith(",")) {
                declare(continued.toString());
                continued.setLength(0);
            }
        }
        for (Declared each : declared) {
            each.type.inherit();
            for (String line : each.lines) {
                addProperties(each, line);
            }
        }
        boolean isChanged = true;
        while (isChanged) {
            isChanged = false;
            for (Declared each : declared) {
                isChanged |= each.type.findMembersBeyond();
            }
        }
    }

    /** Reads the description of the call records. */
    static Description read() {
        return read(RESOURCE);
    }

    /** Reads the description of the service around the call records. */
    static Description readService() {
        return read(SERVICE);
    }

    private static Description read(String name) {
        try (@Nullable InputStream resource = Description.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return new Description(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a description from text. */
    static Description of(String text) {
        return new Description(text);
    }

    /** Returns an object type by its qualified name. */
    ObjectType objectType(String qualifiedName) {
        if (types.get(qualifiedName) instanceof ObjectType type) {
            return type;
        }
        throw missing(qualifiedName);
    }

    /** Returns the object types, in the order of the description. */
    List<ObjectType> objectTypes() {
        return declared.stream().map(Declared::type).toList();
    }

    /** Returns the object types and enumerations, in the order of the description. */
    List<ValueType> namedTypes() {
        return types.values().stream()
                .filter(type -> !(type instanceof PrimitiveType))
                .toList();
    }

    /** Returns an enumeration by its qualified name. */
    EnumType enumType(String qualifiedName) {
        if (types.get(qualifiedName) instanceof EnumType type) {
            return type;
        }
        throw missing(qualifiedName);
    }

    private void declare(String line) {
        String head = head(line);
        List<String> words = words(head, " ");
        String kind = words.getFirst();
        if (kind.equals("namespace")) {
            namespace = words.get(1);
            firstNamespace = firstNamespace.isEmpty() ? namespace : firstNamespace;
        } else if (kind.equals("enum")) {
            String name = namespace + "." + words.get(1);
            types.put(name, EnumType.of(name, words(tail(line), ", ")));
        } else if (words.size() > 1 && words.get(words.size() - 2).equals("type")) {
            String name = words.getLast();
            @Nullable ObjectType base = line.length() > head.length() ? base(tail(line)) : null;
            ObjectType type = new ObjectType(
                    annotations, namespace, name, base, words.contains("abstract"), words.contains("open"));
            types.put(namespace + "." + name, type);
            declared.add(new Declared(type, namespace, new ArrayList<>()));
        } else {
            declared.getLast().lines.add(line);
        }
    }

    private void addProperties(Declared owner, String line) {
        List<String> names = words(head(line), ", ");
        List<String> marks = words(tail(line), " ");
        boolean isNavigation = names.remove("navigation");
        String typeName = marks.getFirst();
        boolean isNullable = !typeName.endsWith("!");
        typeName = isNullable ? typeName : typeName.substring(0, typeName.length() - 1);
        boolean isCollection = typeName.endsWith(COLLECTION);
        typeName = isCollection ? typeName.substring(0, typeName.length() - COLLECTION.length()) : typeName;
        Property.Role role = isNavigation
                ? Property.Role.NAVIGATION
                : marks.contains("required")
                        ? Property.Role.REQUIRED
                        : marks.contains("key")
                                ? Property.Role.KEY
                                : marks.contains("beta") ? Property.Role.BETA : Property.Role.OPTIONAL;
        for (String name : names) {
            owner.type.add(new Property(name, type(owner.namespace, typeName), isCollection, isNullable, role));
        }
    }

    private ValueType type(String usedIn, String name) {
        @Nullable ValueType type = types.get(usedIn + "." + name);
        type = type == null ? types.get(firstNamespace + "." + name) : type;
        type = type == null ? types.get(name) : type;
        if (type == null) {
            throw missing(name);
        }
        return type;
    }

    private ObjectType base(String name) {
        if (type(namespace, name) instanceof ObjectType base) {
            return base;
        }
        throw missing(name);
    }

    /** Returns the text before the colon. */
    private static String head(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? line : line.substring(0, colon).strip();
    }

    /** Returns the text after the colon. */
    private static String tail(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private static List<String> words(String text, String separators) {
        List<String> words = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(text, separators);
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return words;
    }

    private static IllegalStateException missing(String name) {
        return new IllegalStateException(RESOURCE + " has no type " + name);
    }
}
