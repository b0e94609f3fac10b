package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.LogRowKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares the description with the metadata of namespace {@code microsoft.graph.callRecords}. */
final class MetadataTest {
    private static final String NAMESPACE = "microsoft.graph.callRecords.";

    /** The types of rows that only the metadata of beta has. */
    private static final Set<String> BETA =
            Set.of("smsLogRow", "pstnBlockedUsersLogRow", "pstnOnlineMeetingDialoutReport");

    private final Description description = Description.read();
    private final List<String> metadata = metadata();

    @Test
    void description_equals_the_metadata_of_its_namespace() {
        Set<String> enums = new TreeSet<>();
        List<String> described = new ArrayList<>();
        for (ObjectType type : description.objectTypes()) {
            if (type.annotation().startsWith("#" + NAMESPACE) && !BETA.contains(type.name())) {
                described.addAll(described(type, enums));
            }
        }
        for (String name : enums) {
            described.add("enum " + name + ": "
                    + String.join(", ", description.enumType(NAMESPACE + name).members()));
        }

        for (LogRowKind kind : LogRowKind.values()) {
            if (!BETA.contains(kind.type().name())) {
                described.add(described(kind));
            }
        }

        assertThat(described).containsExactlyInAnyOrderElementsOf(metadata);
    }

    private static String described(LogRowKind kind) {
        return "function " + kind.function() + "(Collection(" + NAMESPACE + "callRecord), " + RangeFunction.FROM
                + ": Edm.DateTimeOffset not null, " + RangeFunction.TO + ": Edm.DateTimeOffset not null): Collection("
                + kind.type().qualifiedName() + ")";
    }

    private static List<String> metadata() {
        try (var resource =
                Objects.requireNonNull(MetadataTest.class.getResourceAsStream("call-records-metadata.txt"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> described(ObjectType type, Set<String> enums) {
        List<String> lines = new ArrayList<>();
        @Nullable ObjectType base = base(type);
        lines.add((type.isAbstract() ? "abstract " : "") + (type.isOpen() ? "open " : "") + "type " + type + ": "
                + (base == null ? "-" : base.annotation().substring(1)));
        for (Property property : type.properties()) {
            boolean isOwn = base == null || base.property(property.name()) == null;
            if (isOwn && property.role() != Property.Role.BETA) {
                String name = name(property.type(), enums);
                lines.add(type + "." + property.name() + ": " + (property.isNavigation() ? "navigation " : "")
                        + (property.isCollection() ? "Collection(" + name + ")" : name)
                        + (property.isNullable() || property.isNavigation() ? "" : " not null"));
            }
        }
        return lines;
    }

    /** Returns the type from which a type derives directly; null if there is none. */
    private @Nullable ObjectType base(ObjectType type) {
        @Nullable ObjectType nearest = null;
        for (ObjectType each : description.objectTypes()) {
            if (each.derived().contains(type)
                    && (nearest == null || nearest.derived().contains(each))) {
                nearest = each;
            }
        }
        return nearest;
    }

    private String name(ValueType type, Set<String> enums) {
        return switch (type) {
            case PrimitiveType primitive -> "Edm." + primitive.edmName();
            case ObjectType object -> object.annotation().substring(1);
            case EnumType members -> {
                String name = enumName(members);
                enums.add(name);
                yield NAMESPACE + name;
            }
        };
    }

    private String enumName(EnumType members) {
        return metadata.stream()
                .filter(line -> line.startsWith("enum ") && line.endsWith(": " + String.join(", ", members.members())))
                .map(line -> line.substring("enum ".length(), line.indexOf(':')))
                .findFirst()
                .orElse("of " + members.members());
    }
}
