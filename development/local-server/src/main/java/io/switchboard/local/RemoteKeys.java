package io.switchboard.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer other than this server. Reads them from the issuer's discovery document at the first token, as
 * API Gateway does.
 */
final class RemoteKeys implements JWKSource<SecurityContext> {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int SIZE_LIMIT = 1 << 20;

    private final String issuer;
    private final AtomicReference<@Nullable JWKSource<SecurityContext>> found = new AtomicReference<>();

    RemoteKeys(String issuer) {
        this.issuer = issuer;
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        var source = found.get();
        if (source == null) {
            source = discover();
            found.set(source);
        }
        return source.get(selector, context);
    }

    private JWKSource<SecurityContext> discover() throws KeySourceException {
        var document = URI.create(issuer.replaceAll("/+$", "") + "/.well-known/openid-configuration");
        try {
            var retriever = new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, SIZE_LIMIT);
            var metadata = new ObjectMapper()
                    .readTree(retriever.retrieveResource(document.toURL()).getContent());
            return JWKSourceBuilder.create(
                            URI.create(metadata.path("jwks_uri").asText()).toURL(), retriever)
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new RemoteKeySourceException("The issuer's keys cannot be read from " + document, e);
        }
    }
}
