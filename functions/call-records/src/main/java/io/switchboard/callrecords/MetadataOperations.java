package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.ODataFormat;
import io.switchboard.callrecords.model.MetadataDocument;
import io.switchboard.callrecords.model.RangeFunction;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.text.Sha256;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The documents that describe the service. They are the same for every caller. */
final class MetadataOperations {
    private MetadataOperations() {}

    /** Serves the metadata as CSDL XML. */
    static Response document(Request request) {
        ODataFormat.requireXml(request);
        request.query(Set.of());
        return Response.xml(Document.TEXT).withEntityTag(new EntityTag(Document.HASH), request);
    }

    /** Serves the singleton that contains the call records. */
    static Response communications(Request request) {
        request.query(Set.of());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", GraphRequest.of(request).context("communications/$entity"));
        body.put("id", "communications");
        return Response.ok(body);
    }

    /** Written at the first request: a cold start for other requests does not need it. */
    private static final class Document {
        static final String TEXT = MetadataDocument.text(Stream.of(LogRowKind.values())
                .map(kind -> new RangeFunction(kind.function(), kind.type()))
                .toList());
        static final String HASH = HexFormat.of().formatHex(Sha256.of(TEXT), 0, 8);
    }
}
