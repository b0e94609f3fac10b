package io.switchboard.identity;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Caller} from the claims API Gateway's JWT authorizer has verified ({@code DESIGN.md} §6).
 *
 * <p>All claims arrive as text; API Gateway flattens arrays into {@code [a b]}. Arrays are therefore read from JSON, from
 * that form, and from words between spaces. Fails closed: no claims, or no tenant, is no caller.
 */
public final class CallerClaims {
    private final String tenantClaim;
    private final String fixedTenant;

    /**
     * @param tenantClaim the claim that names the tenant, usually {@code tid}
     * @param fixedTenant the tenant of everybody, where the issuer serves one tenant only; empty for none
     */
    public CallerClaims(String tenantClaim, String fixedTenant) {
        this.tenantClaim = tenantClaim;
        this.fixedTenant = fixedTenant;
    }

    /** The caller, or nothing where the claims do not say who it is. */
    public Optional<Caller> read(@Nullable Map<String, String> claims) {
        if (claims == null || claims.isEmpty()) {
            return Optional.empty();
        }
        String tenant = fixedTenant.isEmpty() ? text(claims, tenantClaim) : fixedTenant;
        if (tenant.isEmpty()) {
            return Optional.empty();
        }
        String provider = first(claims, "azp", "appid", "client_id");
        Set<String> roles = words(text(claims, "roles"));
        Set<String> grants = new LinkedHashSet<>(roles);
        grants.addAll(words(text(claims, "scp")));
        grants.addAll(words(text(claims, "scope")));
        String user = isAppOnly(claims, provider) ? "" : first(claims, "oid", "sub");
        return Optional.of(new Caller(tenant, user.isEmpty() ? null : user, provider, grants, roles));
    }

    private static boolean isAppOnly(Map<String, String> claims, String provider) {
        if (text(claims, "idtyp").equals("app")) {
            return true;
        }
        String subject = text(claims, "sub");
        if (!subject.isEmpty() && subject.equals(provider)) {
            return true;
        }
        return words(text(claims, "scp")).isEmpty()
                && words(text(claims, "scope")).isEmpty();
    }

    private static String first(Map<String, String> claims, String... names) {
        for (String name : names) {
            String value = text(claims, name);
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    private static String text(Map<String, String> claims, String name) {
        @Nullable String value = claims.get(name);
        return value == null ? "" : value.strip();
    }

    private static Set<String> words(String claim) {
        Set<String> words = new LinkedHashSet<>();
        boolean array = claim.startsWith("[") && claim.endsWith("]");
        String text = array ? claim.substring(1, claim.length() - 1) : claim;
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) == '"') {
                quoted = !quoted;
            }
            boolean separator = i == text.length() || (!quoted && isSeparator(text.charAt(i), array));
            if (separator) {
                String word = text.substring(start, i).replace("\"", "");
                if (!word.isBlank()) {
                    words.add(word);
                }
                start = i + 1;
            }
        }
        return words;
    }

    private static boolean isSeparator(char c, boolean inArray) {
        return Character.isWhitespace(c) || (inArray && c == ',');
    }
}
