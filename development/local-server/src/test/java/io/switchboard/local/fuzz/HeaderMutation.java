package io.switchboard.local.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Mutations of headers, and of a body in accordance with its headers. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum HeaderMutation implements Mutation {
    CONTENT_TYPE((request, random) -> request.withHeader(
            "content-type",
            EdgeCases.of(
                    List.of(
                            "",
                            " ",
                            "/",
                            ";",
                            "application",
                            "application/",
                            "text/plain",
                            "application/json;",
                            "application/json; charset",
                            "application/json; charset=",
                            "application/json; charset=utf-16",
                            "application/json; charset=utf-8-evil",
                            "application/json; charset=\"utf-8",
                            "application/json; charset=\"\\",
                            "application/json; charset=utf-16; charset=utf-8",
                            "application/json;charset=UTF-8;charset=UTF-8",
                            "application/json, application/json",
                            "APPLICATION/JSON",
                            "application/merge-patch+json",
                            "application/vnd.api+json",
                            "application/xml",
                            "application/zip",
                            "multipart/form-data; boundary=x",
                            "application/x-www-form-urlencoded",
                            "*/*",
                            "application/json; a=\"" + "\\\"".repeat(4_000) + "\"",
                            "application/json" + "; a=b".repeat(1_500),
                            "a".repeat(9_000) + "/json"),
                    random))),
    NO_CONTENT_TYPE((request, random) -> request.withHeader("content-type", null)),
    CONTENT_ENCODING((request, random) -> request.withHeader(
            "content-encoding",
            EdgeCases.of(
                    List.of(
                            "gzip",
                            "deflate",
                            "br",
                            "identity",
                            "",
                            "gzip, gzip",
                            "gzip,deflate",
                            "x-gzip",
                            "GZIP",
                            ",",
                            "zstd",
                            "a".repeat(9_000)),
                    random))),
    GZIP((request, random) -> request.withHeader("content-encoding", "gzip").withBase64(gzip(request.bodyBytes()))),
    GZIP_CUT((request, random) -> {
        byte[] all = gzip(request.bodyBytes());
        return request.withHeader("content-encoding", "gzip")
                .withBase64(Arrays.copyOf(all, random.nextInt(1, all.length)));
    }),
    GZIP_WITH_OTHER_BITS((request, random) -> {
        byte[] all = gzip(request.bodyBytes());
        all[random.nextInt(all.length)] ^= (byte) (1 << random.nextInt(8));
        return request.withHeader("content-encoding", "gzip").withBase64(all);
    }),
    GZIP_TWICE((request, random) ->
            request.withHeader("content-encoding", "gzip, gzip").withBase64(gzip(gzip(request.bodyBytes())))),
    GZIP_OF_MUCH(
            (request, random) -> request.withHeader("content-encoding", "gzip").withBase64(LargeGzip.GZIP)),
    DEFLATE((request, random) ->
            request.withHeader("content-encoding", "deflate").withBase64(deflate(request.bodyBytes()))),
    DEFLATE_CUT((request, random) -> {
        byte[] all = deflate(request.bodyBytes());
        return request.withHeader("content-encoding", "deflate")
                .withBase64(Arrays.copyOf(all, random.nextInt(1, all.length)));
    }),
    IF_MATCH((request, random) -> request.withHeader("if-match", tags(random))),
    IF_NONE_MATCH((request, random) -> request.withHeader("if-none-match", tags(random))),
    PREFER((request, random) -> request.withHeader(
            "prefer",
            EdgeCases.of(
                    List.of(
                            "",
                            ",",
                            "handling=strict",
                            "handling",
                            "handling=",
                            "handling=\"strict\"",
                            "return=minimal, return=representation",
                            "odata.maxpagesize=0",
                            "odata.maxpagesize=-1",
                            "odata.maxpagesize=99999999999999999999",
                            "odata.maxpagesize=1e3",
                            "odata.maxpagesize=",
                            "maxpagesize=2147483648",
                            "omit-values=nulls",
                            "omit-values=",
                            "return=minimal" + ",return=minimal".repeat(600),
                            "\"".repeat(5_000),
                            "=".repeat(5_000),
                            "a=\"" + "\\\"".repeat(4_000),
                            "a".repeat(9_000)),
                    random))),
    IDEMPOTENCY_KEY((request, random) -> request.withHeader("idempotency-key", odd(random))),
    CORRELATION_ID((request, random) -> request.withHeader("x-correlation-id", odd(random))),
    CLIENT_REQUEST_ID((request, random) -> request.withHeader("client-request-id", odd(random))),
    CACHE_CONTROL((request, random) -> request.withHeader("cache-control", odd(random))),
    ACCEPT((request, random) -> request.withHeader(
            "accept",
            EdgeCases.of(
                    List.of(
                            "",
                            "*/*",
                            "text/html",
                            "application/xml",
                            "application/json;q=0",
                            "application/json;odata.metadata=none",
                            "application/json;odata.metadata=full;IEEE754Compatible=true",
                            "application/json;odata.metadata=bogus",
                            "application/json;metadata=full;q=0.1, application/xml",
                            "application/json;IEEE754Compatible=true;odata.streaming=",
                            "application/json;odata.metadata=\"full",
                            "application/json;odata.metadata=\"" + "\\".repeat(4_000),
                            "application/json" + ";a=b".repeat(2_000),
                            "*/*;q=0.0000001",
                            ";;;",
                            ",".repeat(9_000),
                            "\"".repeat(9_000),
                            "a/b,".repeat(2_000),
                            "a".repeat(9_000)),
                    random))),
    ODATA_MAXIMUM_VERSION((request, random) -> request.withHeader(
            "odata-maxversion",
            EdgeCases.of(List.of("4.0", "4.01", "3.0", "", "4", "9".repeat(9_000), "1e999", "-4", "4.0.0"), random))),
    IEEE754_COMPATIBLE((request, random) -> request.withHeader(
            "content-type",
            EdgeCases.of(
                    List.of(
                            "application/json;IEEE754Compatible=true",
                            "application/json;odata.metadata=full;ieee754compatible=TRUE;charset=utf-8",
                            "application/json;IEEE754Compatible=maybe"),
                    random))),
    ACCEPT_ENCODING((request, random) -> request.withHeader(
            "accept-encoding",
            EdgeCases.of(
                    List.of(
                            "gzip",
                            "deflate, gzip",
                            "gzip;q=0",
                            "gzip;q=2",
                            "gzip;q=",
                            "gzip;q=1e99999999999",
                            "gzip;q=NaN",
                            "*",
                            "*;q=0",
                            "identity;q=0",
                            "",
                            ",",
                            ";q",
                            "gzip;q=0." + "0".repeat(5_000),
                            "gzip,".repeat(1_800)),
                    random))),
    ANY_HEADER((request, random) -> request.withHeader(
            EdgeCases.of(
                    List.of(
                            "host",
                            "x-forwarded-for",
                            "x-forwarded-proto",
                            "authorization",
                            "content-length",
                            "origin",
                            "cookie",
                            "x-http-method-override",
                            "transfer-encoding",
                            "user-agent",
                            "x-amzn-trace-id",
                            ""),
                    random),
            odd(random))),
    MANY_HEADERS((request, random) -> {
        var event = request.event();
        var headers = event.withObject("/headers");
        for (int i = random.nextInt(1, 800); i > 0; i--) {
            headers.put("x-" + i, "a");
        }
        return request.withEvent(event);
    });

    /** 50 MB compressed to 50 KB. Compressed once, because it takes long. */
    private static final class LargeGzip {
        private static final byte[] GZIP = gzip(new byte[50_000_000]);
    }

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final Change change;

    HeaderMutation(Change change) {
        this.change = change;
    }

    @Override
    public boolean fits(FuzzRequest request) {
        return request.hasBody()
                || !(name().startsWith("CONTENT") || name().startsWith("GZIP") || name().startsWith("DEFLATE"));
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    private static String odd(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> EdgeCases.repeated(random, EdgeCases.length(random, 9_000) / 8 + 1);
            case 1 -> "a".repeat(EdgeCases.length(random, 9_000));
            default -> EdgeCases.text(random);
        };
    }

    private static String tags(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> odd(random);
            case 1 ->
                EdgeCases.of(
                        List.of(
                                "*",
                                "*,*",
                                "W/\"1\"",
                                "\"1\"",
                                "W/\"1\", W/\"2\"",
                                "W/\"99999999999999999999\"",
                                "W/\"-1\"",
                                "W/\"\"",
                                "W/\"1",
                                "w/\"1\"",
                                "W/1",
                                "1",
                                ",",
                                "\"a,b\"",
                                "W/\"1\";",
                                "W/\"1.5\"",
                                "W/\"١\""),
                        random);
            default -> "W/\"1\"" + ", W/\"2\"".repeat(random.nextInt(1, 900));
        };
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] deflate(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream deflate = new DeflaterOutputStream(packed)) {
            deflate.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
