package io.switchboard.templates.dataverse;

import io.switchboard.http.Refusal;
import io.switchboard.text.InputLimits;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads one XML file of an export: {@code solution.xml}, {@code customizations.xml}, the file of one row, or
 * {@code data.xml} of the Configuration Migration tool. Only rows and links are read; everything else is skipped. A
 * document type, an entity that is not predefined, and more depth or names than real files have are rejected. Not
 * thread-safe.
 */
final class ExportXml {
    private static final int MAXIMUM_DEPTH = 64;
    private static final int MAXIMUM_NAME = 256;
    /** The most elements of rows and links, with their content. */
    private static final int MAXIMUM_ELEMENTS = 500_000;

    private static final int PREFIX = 200;

    private final XMLStreamReader reader;
    private final String file;
    private final ExportContent content;
    private final Deque<String> open = new ArrayDeque<>();
    private int elements;
    private @Nullable String entity;

    private ExportXml(XMLStreamReader reader, String file, ExportContent content) {
        this.reader = reader;
        this.file = file;
        this.content = content;
    }

    /**
     * Reads a file.
     *
     * @param file its path in the archive; empty for the body itself
     * @param content receives the rows and links
     * @throws Refusal 400 {@code malformedXml}
     */
    static void read(byte[] xml, String file, ExportContent content) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_VALIDATING, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(text(xml, file));
            try {
                new ExportXml(reader, file, content).walk();
            } catch (XMLStreamException e) {
                throw notWellFormed(file, e);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw notWellFormed(file, e);
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            // The JDK's parser reports some malformed documents with unchecked exceptions.
            throw malformed(file, "is not well-formed. Correct it and send it again.");
        }
    }

    /** Decodes a file by its byte order mark, else by its first bytes, else by its declaration. */
    private static Reader text(byte[] xml, String file) {
        int mark = 0;
        Charset charset;
        if (begins(xml, 0xEF, 0xBB, 0xBF)) {
            charset = StandardCharsets.UTF_8;
            mark = 3;
        } else if (begins(xml, 0xFE, 0xFF) || begins(xml, 0xFF, 0xFE)) {
            charset = begins(xml, 0xFE) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
            mark = 2;
        } else if (begins(xml, 0x00, 0x3C)) {
            charset = StandardCharsets.UTF_16BE;
        } else if (begins(xml, 0x3C, 0x00)) {
            charset = StandardCharsets.UTF_16LE;
        } else {
            charset = declared(xml, file);
        }
        return new InputStreamReader(
                new ByteArrayInputStream(xml, mark, xml.length - mark),
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static boolean begins(byte[] xml, int... with) {
        for (int i = 0; i < with.length; i++) {
            if (i >= xml.length || (xml[i] & 0xFF) != with[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the declared encoding. A body that API Gateway has decoded is UTF-8, even if it still declares UTF-16.
     */
    private static Charset declared(byte[] xml, String file) {
        String begin = new String(xml, 0, Math.min(xml.length, PREFIX), StandardCharsets.ISO_8859_1);
        int end = begin.indexOf("?>");
        int encoding =
                begin.startsWith("<?xml") && end > 0 ? begin.substring(0, end).indexOf("encoding") : -1;
        if (encoding < 0) {
            return StandardCharsets.UTF_8;
        }
        int from = encoding + "encoding".length();
        while (from < end && (begin.charAt(from) == '=' || Character.isWhitespace(begin.charAt(from)))) {
            from++;
        }
        char quote = begin.charAt(from);
        int to = begin.indexOf(quote, from + 1);
        String name = to < 0 || to > end ? "" : begin.substring(from + 1, to).toUpperCase(Locale.ROOT);
        return switch (name) {
            case "UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE" -> StandardCharsets.UTF_8;
            case "US-ASCII", "ASCII" -> StandardCharsets.US_ASCII;
            case "ISO-8859-1", "LATIN1" -> StandardCharsets.ISO_8859_1;
            case "WINDOWS-1252" -> Charset.forName("windows-1252");
            default ->
                throw malformed(
                        file,
                        "declares the encoding " + InputLimits.excerpt(name)
                                + ", which is not supported. Use UTF-8 or UTF-16.");
        };
    }

    private void walk() throws XMLStreamException {
        boolean isRoot = true;
        while (reader.hasNext()) {
            int event = reader.next();
            rejectUnsafe(event);
            if (event == XMLStreamConstants.END_ELEMENT) {
                open.pop();
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                String name = name();
                if (isRoot) {
                    isRoot = false;
                    rejectUnknownRoot(name);
                }
                if (!take(name)) {
                    push(name);
                }
            }
        }
    }

    private void rejectUnknownRoot(String name) {
        boolean isKnown = name.equals("ImportExportXml")
                || name.equals("SolutionManifest")
                || name.equals("entities")
                || name.startsWith("msdyn_");
        if (!isKnown) {
            throw malformed(
                    file,
                    "begins with the element " + InputLimits.excerpt(name)
                            + ". Send solution.xml, customizations.xml, data.xml or the file of a row.");
        }
    }

    /** Reads the element with its content if it is a row, a link or a setting; otherwise returns false. */
    private boolean take(String name) throws XMLStreamException {
        @Nullable String parent = open.peek();
        if (open.contains("entities")) {
            if (name.equals("entity")) {
                entity = reader.getAttributeValue(null, "name");
            } else if (name.equals("record") && entity != null) {
                content.addRecord(entity, element(name));
                return true;
            } else if (name.equals("m2mrelationship") && entity != null) {
                content.addRelationship(entity, element(name));
                return true;
            }
            return false;
        }
        if (parent != null && parent.equals(name + "set")) {
            content.addLink(element(name));
        } else if (name.equals("WebResource")) {
            content.addWebResource(element(name));
        } else if (name.equals("Managed")) {
            content.setManaged(element(name).text().strip());
        } else if (name.startsWith("msdyn_")
                && (DataverseTable.named(name) != null
                        || reader.getAttributeValue(null, DataverseColumns.UNIQUE_NAME) != null)) {
            content.addRow(element(name));
        } else {
            return false;
        }
        return true;
    }

    /** Reads the current element up to its end. */
    private XmlElement element(String name) throws XMLStreamException {
        if (++elements > MAXIMUM_ELEMENTS) {
            throw malformed(
                    file, "has more than " + MAXIMUM_ELEMENTS + " elements in its rows. Export fewer rows at once.");
        }
        push(name);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            attributes.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        List<XmlElement> children = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (true) {
            int event = reader.next();
            rejectUnsafe(event);
            if (event == XMLStreamConstants.END_ELEMENT) {
                open.pop();
                return new XmlElement(name, attributes, children, text.toString());
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                children.add(element(name()));
            } else if (event == XMLStreamConstants.CHARACTERS
                    || event == XMLStreamConstants.CDATA
                    || event == XMLStreamConstants.SPACE) {
                text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
            }
        }
    }

    private String name() {
        String name = reader.getLocalName();
        if (name.length() > MAXIMUM_NAME) {
            throw malformed(file, "has an element name of more than " + MAXIMUM_NAME + " characters. Shorten it.");
        }
        return name;
    }

    private void push(String name) {
        if (open.size() == MAXIMUM_DEPTH) {
            throw malformed(
                    file, "has more than " + MAXIMUM_DEPTH + " levels of elements. Send the file as it was exported.");
        }
        open.push(name);
    }

    private void rejectUnsafe(int event) {
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_DECLARATION) {
            throw malformed(file, "has a document type, which is not allowed. Remove the DOCTYPE.");
        }
        if (event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw malformed(file, "uses an entity that XML does not predefine. Replace it with its text.");
        }
    }

    private static Refusal notWellFormed(String file, XMLStreamException problem) {
        var location = problem.getLocation();
        String where = location == null
                ? ""
                : " at line " + location.getLineNumber() + ", column " + location.getColumnNumber();
        return malformed(file, "is not well-formed" + where + ". Correct it and send it again.");
    }

    private static Refusal malformed(String file, String problem) {
        String shown = InputLimits.excerpt(file);
        return Refusal.invalid("malformedXml", shown, (file.isEmpty() ? "The XML" : shown) + " " + problem);
    }
}
