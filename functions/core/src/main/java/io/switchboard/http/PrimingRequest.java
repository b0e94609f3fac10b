package io.switchboard.http;

import io.switchboard.json.Json;

/**
 * An invented request that primes a function before a snapshot.
 *
 * @param user the caller; empty for a program without a user
 * @param path may end with a query such as {@code ?$top=100}, which is not decoded
 * @param body in JSON; empty for none
 * @param idempotencyKey of the request; empty for none
 */
public record PrimingRequest(String user, String method, String path, String body, String idempotencyKey) {
    /** Creates a request of a user without an {@code Idempotency-Key}. */
    public PrimingRequest(String user, String method, String path, String body) {
        this(user, method, path, body, "");
    }

    /** Returns a request of a program without a user. */
    public static PrimingRequest ofProgram(String method, String path, String body) {
        return new PrimingRequest("", method, path, body);
    }

    /**
     * Returns an event in API Gateway's format, with claims of no real caller that permit everything.
     *
     * @param tenantClaim the name of the claim with the tenant
     */
    String event(String tenantClaim) {
        int query = path.indexOf('?');
        String claims = user.isEmpty()
                ? "\"idtyp\":\"app\",\"roles\":\"CallRecords.ReadWrite.All\""
                : "\"oid\":\"" + user + "\",\"scp\":\"Sessions.ReadWrite Templates.ReadWrite\"";
        return """
                {"rawPath":"%s",%s"headers":{"content-type":"application/json","accept-encoding":"gzip"%s},
                "requestContext":{"http":{"method":"%s"},"domainName":"localhost","authorizer":{"jwt":{"claims":{
                "%s":"priming","azp":"priming",%s}}}}%s}""".formatted(
                        query < 0 ? path : path.substring(0, query),
                        query < 0 ? "" : queryParameter(path.substring(query + 1)),
                        idempotencyKey.isEmpty() ? "" : ",\"idempotency-key\":\"" + idempotencyKey + "\"",
                        method,
                        tenantClaim,
                        claims,
                        body.isEmpty() ? "" : ",\"body\":" + Json.write(body));
    }

    private static String queryParameter(String query) {
        int equals = query.indexOf('=');
        return "\"queryStringParameters\":{\"" + query.substring(0, equals) + "\":\"" + query.substring(equals + 1)
                + "\"},";
    }
}
