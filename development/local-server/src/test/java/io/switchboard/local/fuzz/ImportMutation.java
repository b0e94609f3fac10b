package io.switchboard.local.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Imports that are XML or archives, or claim to be. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum ImportMutation implements Mutation {
    ODD_XML((request, random) -> xml(request, document(random))),
    DEEP_XML((request, random) -> {
        int depth = EdgeCases.length(random, 100_000);
        return xml(request, "<a>".repeat(depth) + (random.nextBoolean() ? "</a>".repeat(depth) : ""));
    }),
    XML_WITH_MANY_ATTRIBUTES((request, random) -> {
        StringBuilder attributes = new StringBuilder();
        for (int i = EdgeCases.length(random, 40_000); i > 0; i--) {
            attributes.append(" a").append(i).append("=\"\"");
        }
        return xml(request, "<entities" + attributes + "/>");
    }),
    XML_WITH_MANY_WRONG_ROWS((request, random) -> xml(
            request,
            "<entities><entity name=\"msdyn_sessiontemplate\"><records>"
                    + "<record id=\"x\"><field name=\"msdyn_name\" value=\"\"/></record>"
                            .repeat(EdgeCases.length(random, 9_000))
                    + "</records></entity></entities>")),
    XML_CUT((request, random) -> {
        String text = document(random);
        return xml(request, text.substring(0, random.nextInt(text.length())));
    }),
    JSON_AS_XML((request, random) -> request.withHeader("content-type", "application/xml")),
    JSON_AS_ARCHIVE((request, random) -> request.withHeader("content-type", "application/zip")),
    ARCHIVE_OF_ODD_NAMES((request, random) -> {
        String name = EdgeCases.of(
                List.of(
                        "../customizations.xml",
                        "/etc/passwd",
                        "customizations.xml",
                        "data.xml",
                        "data_schema.xml",
                        "a/b/c/customizations.xml",
                        "..\\data.xml",
                        "x".repeat(5_000),
                        "customizations.xml/",
                        "[Content_Types].xml",
                        "CUSTOMIZATIONS.XML"),
                random);
        return archive(request, zip(1, name, document(random).getBytes(StandardCharsets.UTF_8)));
    }),
    ARCHIVE_OF_MANY_ENTRIES(
            (request, random) -> archive(request, zip(EdgeCases.length(random, 5_000), "a", new byte[1]))),
    ARCHIVE_THAT_GROWS((request, random) -> archive(request, zip(1, "customizations.xml", new byte[60_000_000]))),
    ARCHIVE_IN_AN_ARCHIVE((request, random) -> archive(
            request,
            zip(
                    1,
                    "customizations.xml",
                    zip(1, "customizations.xml", document(random).getBytes(StandardCharsets.UTF_8))))),
    ARCHIVE_CUT((request, random) -> {
        byte[] all = zip(2, "customizations.xml", document(random).getBytes(StandardCharsets.UTF_8));
        return archive(request, Arrays.copyOf(all, random.nextInt(1, all.length)));
    }),
    ARCHIVE_WITH_OTHER_BITS((request, random) -> {
        byte[] all = zip(2, "data.xml", document(random).getBytes(StandardCharsets.UTF_8));
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return archive(request, all);
    }),
    ARCHIVE_AS_XML((request, random) -> request.withHeader("content-type", "application/xml")
            .withBase64(zip(1, "data.xml", document(random).getBytes(StandardCharsets.UTF_8)))),
    EMPTY_ARCHIVE((request, random) -> archive(request, zip(0, "", new byte[0])));

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final Change change;

    ImportMutation(Change change) {
        this.change = change;
    }

    @Override
    public boolean fits(FuzzRequest request) {
        return request.path().equals("/templates/import") && request.method().equals("POST");
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    private static FuzzRequest xml(FuzzRequest request, String text) {
        return request.withHeader("content-type", "application/xml").withBody(text);
    }

    private static FuzzRequest archive(FuzzRequest request, byte[] bytes) {
        return request.withHeader("content-type", "application/zip").withBase64(bytes);
    }

    private static String document(SplittableRandom random) {
        return EdgeCases.of(
                List.of(
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><a>&b;</a>",
                        "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"" + "&b;".repeat(50) + "\">]><a>"
                                + "&c;".repeat(50) + "</a>",
                        "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/a.dtd\"><a/>",
                        "<?xml version=\"1.0\" encoding=\"x-none\"?><entities/>",
                        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><entities/>",
                        "<?xml version=\"9.9\"?><entities/>",
                        "<?xml-stylesheet href=\"http://127.0.0.1:9/\"?><entities/>",
                        "<entities/>",
                        "<entities><entity/></entities>",
                        "<entities><entity name=\"\"><records><record/></records></entity></entities>",
                        "<entities xmlns:x=\"urn:x\"><x:entity name=\"msdyn_sessiontemplate\"><records><record id=\"1\">"
                                + "<field name=\"msdyn_uniquename\" value=\"&#xFFFE;\"/></record></records></entity></entities>",
                        "<entities><entity name=\"msdyn_sessiontemplate\"><records><record id=\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\">"
                                + "<field name=\"msdyn_uniquename\" value=\"contoso_a\"/><field name=\"msdyn_name\" value=\"A\"/>"
                                + "<field name=\"msdyn_sessiontype\" value=\"1e99999999999\"/></record></records></entity></entities>",
                        "<ImportExportXml/>",
                        "<ImportExportXml><msdyn_sessiontemplates><msdyn_sessiontemplate msdyn_uniquename=\"a\"/></msdyn_sessiontemplates>"
                                + "</ImportExportXml>",
                        "<msdyn_sessiontemplate msdyn_uniquename=\"contoso_a\"><msdyn_name>A</msdyn_name></msdyn_sessiontemplate>",
                        "<a b=\"" + "c".repeat(400_000) + "\"/>",
                        "<a><![CDATA[" + "]".repeat(1_000) + "]]></a>",
                        "<a>&#x0;</a>",
                        "<a>&amp</a>",
                        "<" + "a".repeat(100_000) + "/>",
                        "<a/><b/>",
                        "a",
                        " "),
                random);
    }

    private static byte[] zip(int entries, String name, byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            for (int i = 0; i < entries; i++) {
                zip.putNextEntry(new ZipEntry(i == 0 ? name : name + i));
                zip.write(content);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
