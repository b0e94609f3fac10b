package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.LogRowKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads the metadata back and compares it with the descriptions. */
final class MetadataDocumentTest {
    private static final List<RangeFunction> FUNCTIONS = Stream.of(LogRowKind.values())
            .map(kind -> new RangeFunction(kind.function(), kind.type()))
            .toList();

    private final Document document = parsed();

    /** The declared types by qualified name. */
    private final Map<String, Element> types = new LinkedHashMap<>();

    private static Document parsed() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(
                            MetadataDocument.text(FUNCTIONS).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    MetadataDocumentTest() {
        for (String kind : List.of("EntityType", "ComplexType", "EnumType")) {
            for (Element type : elements(kind)) {
                String namespace = ((Element) type.getParentNode()).getAttribute("Namespace");
                assertThat(types.put(namespace + "." + type.getAttribute("Name"), type))
                        .as(type.getAttribute("Name"))
                        .isNull();
            }
        }
    }

    private List<Element> elements(String name) {
        return list(document.getElementsByTagNameNS("*", name));
    }

    private static List<Element> list(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    /** Returns the properties that a type declares itself, with type, nullability and kind. */
    private static Map<String, String> properties(Element type) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String kind : List.of("Property", "NavigationProperty")) {
            for (Element property : list(type.getElementsByTagNameNS("*", kind))) {
                properties.put(
                        property.getAttribute("Name"),
                        kind + " " + property.getAttribute("Type") + " " + property.getAttribute("Nullable"));
            }
        }
        return properties;
    }

    @Test
    void every_declared_type_has_exactly_its_own_properties_and_members() {
        Set<String> expected = new HashSet<>();
        for (Description description : List.of(Description.read(), Description.readService())) {
            for (ValueType declared : description.namedTypes()) {
                String name = name(declared);
                expected.add(name);
                assertThat(types).containsKey(name);
                Element type = Objects.requireNonNull(types.get(name));
                if (declared instanceof EnumType members) {
                    assertThat(list(type.getElementsByTagNameNS("*", "Member")))
                            .extracting(member -> member.getAttribute("Name"))
                            .containsExactlyElementsOf(members.members());
                }
                if (declared instanceof ObjectType object) {
                    Map<String, String> own = properties(type);
                    if (name.endsWith("cloudCommunications")) {
                        assertThat(own.remove("callRecords"))
                                .isEqualTo("NavigationProperty Collection(microsoft.graph.callRecords.callRecord) ");
                    }
                    assertThat(own).as(name).isEqualTo(own(object));
                    assertThat(type.getAttribute("Abstract")).isEqualTo(object.isAbstract() ? "true" : "");
                    assertThat(type.getAttribute("OpenType")).isEqualTo(object.isOpen() ? "true" : "");
                }
            }
        }
        assertThat(types.keySet()).isEqualTo(expected);
    }

    private static Map<String, String> own(ObjectType type) {
        Map<String, String> own = new LinkedHashMap<>();
        for (boolean navigates : List.of(false, true)) {
            for (Property property : type.properties()) {
                @Nullable ObjectType base = type.base();
                boolean isInherited = base != null && base.property(property.name()) != null;
                if (!isInherited && property.isNavigation() == navigates) {
                    String name = name(property.type());
                    own.put(
                            property.name(),
                            (navigates ? "NavigationProperty " : "Property ")
                                    + (property.isCollection() ? "Collection(" + name + ")" : name)
                                    + " "
                                    + (property.isNullable() ? "" : "false"));
                }
            }
        }
        return own;
    }

    private static String name(ValueType type) {
        return switch (type) {
            case PrimitiveType primitive -> "Edm." + primitive.edmName();
            case EnumType members -> members.name();
            case ObjectType object -> object.annotation().substring(1);
        };
    }

    @Test
    void every_name_of_a_type_is_declared_and_is_of_edm() {
        Set<String> edm = Set.of(
                "Edm.String",
                "Edm.Boolean",
                "Edm.Int32",
                "Edm.Int64",
                "Edm.Single",
                "Edm.Decimal",
                "Edm.DateTimeOffset",
                "Edm.Duration");
        int found = 0;
        for (Element element : elements("*")) {
            for (String attribute : List.of("Type", "BaseType", "EntityType")) {
                String name = element.getAttribute(attribute).replaceFirst("^Collection\\((.*)\\)$", "$1");
                if (!name.isEmpty()) {
                    assertThat(edm.contains(name) || types.containsKey(name))
                            .as(name)
                            .isTrue();
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThan(200);
    }

    @Test
    void function_of_each_log_is_bound_to_the_call_records_and_returns_its_rows() {
        List<String> functions = new ArrayList<>();
        for (Element function : elements("Function")) {
            assertThat(((Element) function.getParentNode()).getAttribute("Namespace"))
                    .isEqualTo("microsoft.graph.callRecords");
            assertThat(function.getAttribute("IsBound")).isEqualTo("true");
            assertThat(list(function.getElementsByTagNameNS("*", "Parameter")))
                    .extracting(parameter -> parameter.getAttribute("Name") + " " + parameter.getAttribute("Type"))
                    .containsExactly(
                            "bindingParameter Collection(microsoft.graph.callRecords.callRecord)",
                            "fromDateTime Edm.DateTimeOffset",
                            "toDateTime Edm.DateTimeOffset");
            assertThat(list(function.getElementsByTagNameNS("*", "ReturnType")))
                    .singleElement()
                    .satisfies(rows -> functions.add(function.getAttribute("Name") + " " + rows.getAttribute("Type")));
        }
        assertThat(functions)
                .containsExactly(
                        "getPstnCalls Collection(microsoft.graph.callRecords.pstnCallLogRow)",
                        "getDirectRoutingCalls Collection(microsoft.graph.callRecords.directRoutingLogRow)",
                        "getSmsLog Collection(microsoft.graph.callRecords.smsLogRow)",
                        "getPstnBlockedUsersLog Collection(microsoft.graph.callRecords.pstnBlockedUsersLogRow)",
                        "getPstnOnlineMeetingDialoutReport"
                                + " Collection(microsoft.graph.callRecords.pstnOnlineMeetingDialoutReport)");
    }

    @Test
    void decimal_number_may_have_digits_after_its_point() {
        assertThat(elements("Property").stream()
                        .filter(property -> property.getAttribute("Type").equals("Edm.Decimal")))
                .hasSize(4)
                .allSatisfy(
                        property -> assertThat(property.getAttribute("Scale")).isEqualTo("variable"));
    }

    @Test
    void every_entity_type_inherits_a_key_and_complex_types_have_none() {
        types.forEach((name, type) -> {
            Element root = type;
            while (!root.getAttribute("BaseType").isEmpty()) {
                root = Objects.requireNonNull(types.get(root.getAttribute("BaseType")));
                assertThat(root.getLocalName()).as(name).isEqualTo(type.getLocalName());
            }
            assertThat(root.getElementsByTagNameNS("*", "Key").getLength())
                    .as(name)
                    .isEqualTo(type.getLocalName().equals("EntityType") ? 1 : 0);
        });
    }

    @Test
    void annotations_have_targets_that_exist() {
        Set<String> targets = new HashSet<>(Set.of("microsoft.graph.GraphService"));
        for (Element each : elements("EntitySet")) {
            targets.add("microsoft.graph.GraphService/" + each.getAttribute("Name"));
        }
        for (Element each : elements("Singleton")) {
            targets.add("microsoft.graph.GraphService/" + each.getAttribute("Name"));
        }
        types.forEach(
                (name, type) -> properties(type).keySet().forEach(property -> targets.add(name + "/" + property)));

        assertThat(elements("Annotations"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(targets).contains(each.getAttribute("Target")));
    }
}
