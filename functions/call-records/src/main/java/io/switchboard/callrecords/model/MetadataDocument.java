package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of the service: the types of the descriptions as CSDL XML 4.0, with the capabilities of each resource.
 * All names are XML names and all texts are ASCII without markup, so nothing is escaped.
 */
public final class MetadataDocument {
    private static final String GRAPH = "microsoft.graph";
    private static final String CALL_RECORD = GRAPH + ".callRecords.callRecord";
    private static final String RECORDS = GRAPH + ".cloudCommunications/callRecords";
    private static final String ENTITY = "entity";
    private static final String CORE = "Org.OData.Core.V1";
    private static final String CAPABILITIES = "Org.OData.Capabilities.V1";
    private static final String VOCABULARIES = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/";

    private final StringBuilder xml = new StringBuilder(40_000);
    private int depth;

    private MetadataDocument(List<Description> descriptions, List<RangeFunction> functions) {
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        open("edmx:Edmx", "Version", "4.0", "xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx");
        reference(CORE);
        reference(CAPABILITIES);
        open("edmx:DataServices");
        Map<String, List<ValueType>> namespaces = new LinkedHashMap<>();
        for (Description description : descriptions) {
            for (ValueType type : description.namedTypes()) {
                List<ValueType> types = namespaces.computeIfAbsent(namespace(name(type)), name -> new ArrayList<>());
                // Each description declares the entity from which its entities derive.
                if (types.stream().noneMatch(each -> name(each).equals(name(type)))) {
                    types.add(type);
                }
            }
        }
        namespaces.forEach((namespace, types) -> {
            open("Schema", "Namespace", namespace, "xmlns", "http://docs.oasis-open.org/odata/ns/edm");
            types.forEach(this::type);
            for (RangeFunction function : functions) {
                if (namespace(function.rows().qualifiedName()).equals(namespace)) {
                    function(function);
                }
            }
            if (namespace.equals(GRAPH)) {
                container();
                capabilities();
            }
            close("Schema");
        });
        close("edmx:DataServices");
        close("edmx:Edmx");
    }

    /**
     * Returns the text of the document.
     *
     * @param functions the functions of the call records; each is in the namespace of its rows
     */
    public static String text(List<RangeFunction> functions) {
        return new MetadataDocument(List.of(Description.read(), Description.readService()), functions).xml.toString();
    }

    private void reference(String vocabulary) {
        open("edmx:Reference", "Uri", VOCABULARIES + vocabulary + ".xml");
        empty("edmx:Include", "Namespace", vocabulary);
        close("edmx:Reference");
    }

    private void type(ValueType type) {
        switch (type) {
            case PrimitiveType primitive -> throw new IllegalArgumentException(primitive + " is not declared");
            case EnumType members -> {
                open("EnumType", "Name", local(members.name()));
                for (int i = 0; i < members.members().size(); i++) {
                    empty("Member", "Name", members.members().get(i), "Value", Integer.toString(i));
                }
                close("EnumType");
            }
            case ObjectType object -> objectType(object);
        }
    }

    private void objectType(ObjectType type) {
        String element = isEntity(type) ? "EntityType" : "ComplexType";
        List<String> attributes = new ArrayList<>(List.of("Name", type.name()));
        @Nullable ObjectType base = type.base();
        if (base != null) {
            attributes.addAll(List.of("BaseType", name(base)));
        }
        if (type.isAbstract()) {
            attributes.addAll(List.of("Abstract", "true"));
        }
        if (type.isOpen()) {
            attributes.addAll(List.of("OpenType", "true"));
        }
        open(element, attributes.toArray(String[]::new));
        if (isEntity(type) && base == null) {
            open("Key");
            empty("PropertyRef", "Name", "id");
            close("Key");
        }
        for (Property property : type.properties()) {
            if (base == null || base.property(property.name()) == null) {
                property(property);
            }
        }
        if (type.name().equals("cloudCommunications")) {
            empty(
                    "NavigationProperty",
                    "Name",
                    "callRecords",
                    "Type",
                    "Collection(" + CALL_RECORD + ")",
                    "ContainsTarget",
                    "true");
        }
        close(element);
    }

    private void property(Property property) {
        String name = name(property.type());
        List<String> attributes = new ArrayList<>(
                List.of("Name", property.name(), "Type", property.isCollection() ? "Collection(" + name + ")" : name));
        if (!property.isNullable()) {
            attributes.addAll(List.of("Nullable", "false"));
        }
        if (property.type() == PrimitiveType.DECIMAL) {
            // Without it, a decimal number is a whole one.
            attributes.addAll(List.of("Scale", "variable"));
        }
        if (!property.isNavigation()) {
            empty("Property", attributes.toArray(String[]::new));
            return;
        }
        attributes.addAll(List.of("ContainsTarget", "true"));
        open("NavigationProperty", attributes.toArray(String[]::new));
        if (!property.isCollection()) {
            // Graph includes a single entity without a request.
            flag(CORE + ".AutoExpand", true);
        }
        close("NavigationProperty");
    }

    private void function(RangeFunction function) {
        open("Function", "Name", function.name(), "IsBound", "true");
        empty("Parameter", "Name", "bindingParameter", "Type", "Collection(" + CALL_RECORD + ")");
        for (String name : List.of(RangeFunction.FROM, RangeFunction.TO)) {
            String type = name(PrimitiveType.DATE_TIME_OFFSET);
            empty("Parameter", "Name", name, "Type", type, "Nullable", "false");
        }
        empty("ReturnType", "Type", "Collection(" + function.rows().qualifiedName() + ")");
        close("Function");
    }

    private void container() {
        open("EntityContainer", "Name", "GraphService");
        empty("EntitySet", "Name", "subscriptions", "EntityType", GRAPH + ".subscription");
        empty("Singleton", "Name", "communications", "Type", GRAPH + ".cloudCommunications");
        close("EntityContainer");
    }

    private void capabilities() {
        String container = GRAPH + ".GraphService";
        open("Annotations", "Target", container);
        flag(CAPABILITIES + ".BatchSupported", true);
        flag(CAPABILITIES + ".KeyAsSegmentSupported", true);
        flag(CAPABILITIES + ".AsynchronousRequestsSupported", false);
        flag(CAPABILITIES + ".CrossJoinSupported", false);
        close("Annotations");
        open("Annotations", "Target", container + "/communications");
        writing(false, false);
        close("Annotations");
        open("Annotations", "Target", container + "/subscriptions");
        list();
        restriction("Filter", "Filterable", false);
        restriction("Sort", "Sortable", false);
        restriction("Count", "Countable", false);
        restriction("Expand", "Expandable", false);
        close("Annotations");
        open("Annotations", "Target", RECORDS);
        list();
        close("Annotations");
        for (String below : List.of("callRecord/participants_v2", "callRecord/sessions", "session/segments")) {
            open("Annotations", "Target", GRAPH + ".callRecords." + below);
            list();
            restriction("Filter", "Filterable", false);
            restriction("Sort", "Sortable", false);
            close("Annotations");
        }
        open("Annotations", "Target", GRAPH + ".callRecords.callRecord/organizer_v2");
        restriction("Update", "Updatable", true);
        restriction("Delete", "Deletable", true);
        close("Annotations");
    }

    /** Writes what all lists have in common. */
    private void list() {
        flag(CAPABILITIES + ".TopSupported", true);
        flag(CAPABILITIES + ".SkipSupported", false);
        restriction("Search", "Searchable", false);
        writing(true, true);
    }

    private void writing(boolean inserts, boolean changes) {
        if (inserts) {
            restriction("Insert", "Insertable", true);
        }
        restriction("Update", "Updatable", changes);
        restriction("Delete", "Deletable", changes);
    }

    private void restriction(String kind, String property, boolean value) {
        open("Annotation", "Term", CAPABILITIES + "." + kind + "Restrictions");
        open("Record");
        empty("PropertyValue", "Property", property, "Bool", Boolean.toString(value));
        close("Record");
        close("Annotation");
    }

    private void flag(String term, boolean value) {
        empty("Annotation", "Term", term, "Bool", Boolean.toString(value));
    }

    private static boolean isEntity(ObjectType type) {
        @Nullable ObjectType base = type.base();
        return base == null ? type.name().equals(ENTITY) : isEntity(base);
    }

    private static String name(ValueType type) {
        return switch (type) {
            case PrimitiveType primitive -> "Edm." + primitive.edmName();
            case EnumType members -> members.name();
            case ObjectType object -> object.annotation().substring(1);
        };
    }

    private static String namespace(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    private static String local(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private void open(String element, String... attributes) {
        start(element, attributes).append(">\n");
        depth++;
    }

    private void empty(String element, String... attributes) {
        start(element, attributes).append("/>\n");
    }

    private StringBuilder start(String element, String... attributes) {
        xml.append(" ".repeat(depth)).append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            xml.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(attributes[i + 1])
                    .append('"');
        }
        return xml;
    }

    private void close(String element) {
        depth--;
        xml.append(" ".repeat(depth)).append("</").append(element).append(">\n");
    }
}
