package io.switchboard.identity;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Caller} from the claims that API Gateway's JWT authorizer has verified.
 *
 * <p>All claims arrive as text, and API Gateway flattens an array to {@code [a b]}. Three list formats are read: words
 * separated by plain spaces, the flattened array, and a JSON array of strings. Nothing else separates words, so that a
 * part of a word is never a grant.
 *
 * <p>Ids are used exactly as they appear in the claims. Claims without a tenant, or with an id that is not a valid
 * {@link Identifier}, do not identify a caller.
 */
public final class CallerClaims {
    private final String tenantClaim;
    private final String fixedTenant;

    /**
     * @param tenantClaim the claim with the tenant id, usually {@code tid}
     * @param fixedTenant the tenant of every caller, if the issuer serves one tenant only; empty for none
     */
    public CallerClaims(String tenantClaim, String fixedTenant) {
        this.tenantClaim = tenantClaim;
        this.fixedTenant = fixedTenant;
    }

    /** Returns the name of the claim with the tenant id. */
    public String tenantClaim() {
        return tenantClaim;
    }

    /** Returns the caller; empty if the claims do not identify one. */
    public Optional<Caller> read(@Nullable Map<String, String> claims) {
        if (claims == null || claims.isEmpty()) {
            return Optional.empty();
        }
        String tenant = fixedTenant.isEmpty() ? text(claims, tenantClaim) : fixedTenant;
        String provider = first(claims, "azp", "appid", "client_id");
        String user = isAppOnly(claims, provider) ? "" : first(claims, "oid", "sub");
        if (!Identifier.isValid(tenant) || !isAbsentOrValid(user) || !isAbsentOrValid(provider)) {
            return Optional.empty();
        }
        Set<String> roles = words(text(claims, "roles"));
        Set<String> grants = new LinkedHashSet<>(roles);
        grants.addAll(words(text(claims, "scp")));
        grants.addAll(words(text(claims, "scope")));
        return Optional.of(new Caller(tenant, user.isEmpty() ? null : user, provider, grants, roles));
    }

    private static boolean isAbsentOrValid(String id) {
        return id.isEmpty() || Identifier.isValid(id);
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
        return value == null ? "" : value;
    }

    private static Set<String> words(String claim) {
        int begin = 0;
        int end = claim.length();
        while (begin < end && claim.charAt(begin) == ' ') {
            begin++;
        }
        while (end > begin && claim.charAt(end - 1) == ' ') {
            end--;
        }
        boolean isArray = end - begin > 1 && claim.charAt(begin) == '[' && claim.charAt(end - 1) == ']';
        if (!isArray) {
            return spaced(claim, begin, end);
        }
        begin++;
        end--;
        while (begin < end && claim.charAt(begin) == ' ') {
            begin++;
        }
        return begin < end && claim.charAt(begin) == '"' ? quoted(claim, begin, end) : spaced(claim, begin, end);
    }

    /** Returns words between plain spaces. A quote or a comma is part of its word, which then matches no permission. */
    private static Set<String> spaced(String claim, int begin, int end) {
        Set<String> words = new LinkedHashSet<>();
        int start = begin;
        for (int i = begin; i <= end; i++) {
            if (i == end || claim.charAt(i) == ' ') {
                add(words, claim.substring(start, i));
                start = i + 1;
            }
        }
        return words;
    }

    /** Returns the elements of an array of quoted strings; none unless every element is quoted completely. */
    private static Set<String> quoted(String claim, int begin, int end) {
        Set<String> words = new LinkedHashSet<>();
        int at = begin;
        while (true) {
            int close = claim.charAt(at) == '"' ? claim.indexOf('"', at + 1) : -1;
            if (close < 0 || close >= end) {
                return Set.of();
            }
            add(words, claim.substring(at + 1, close));
            int next = close + 1;
            boolean hasComma = false;
            while (next < end && (claim.charAt(next) == ' ' || (claim.charAt(next) == ',' && !hasComma))) {
                hasComma |= claim.charAt(next) == ',';
                next++;
            }
            if (next == end) {
                return hasComma ? Set.of() : words;
            }
            if (next == close + 1) {
                return Set.of();
            }
            at = next;
        }
    }

    private static void add(Set<String> words, String word) {
        if (!word.isBlank()) {
            words.add(word);
        }
    }
}
