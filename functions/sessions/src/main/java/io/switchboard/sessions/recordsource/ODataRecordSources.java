package io.switchboard.sessions.recordsource;

import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.runtime.Ticker;
import io.switchboard.text.PercentEncoding;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The OData v4 services of the tenants, as configured in one secret of AWS Secrets Manager. The settings are read when
 * the first slug needs them and cached for five minutes. Tokens are cached until shortly before they expire. A failed
 * read of the secret is cached for ten seconds. Thread-safe.
 */
public final class ODataRecordSources implements RecordSources {
    private static final long SETTINGS_AGE = Duration.ofMinutes(5).toNanos();
    private static final long FAULT_AGE = Duration.ofSeconds(10).toNanos();
    /** A token is not used this close to its expiry, because requests take time and clocks differ. */
    private static final int TOKEN_RESERVE_SECONDS = 60;
    /** The lifetime of a token if the token endpoint does not return one. */
    private static final int TOKEN_SECONDS = 300;

    private static final int LONGEST_TOKEN_SECONDS = 86_400;

    private final SecretText secret;
    private final Ticker ticker;
    private final Duration time;
    private final Map<String, AccessToken> tokens = new ConcurrentHashMap<>();
    private volatile @Nullable CachedSettings cached;

    /** The content of the secret: the settings of each tenant, or the fault of the last read. */
    private record CachedSettings(
            Map<String, RecordSourceSettings> settings,
            @Nullable String fault,
            long until) {}

    /**
     * Creates the record sources of a secret.
     *
     * @param time the maximum time for all reads of one request
     */
    ODataRecordSources(SecretText secret, Ticker ticker, Duration time) {
        this.secret = secret;
        this.ticker = ticker;
        this.time = time;
    }

    /** Returns the record sources of the secret in {@code RECORD_SOURCE_SECRET}; {@link #NONE} if it is blank. */
    public static RecordSources of(Map<String, String> environment) {
        String id = environment.getOrDefault("RECORD_SOURCE_SECRET", "").strip();
        return id.isEmpty()
                ? NONE
                : new ODataRecordSources(
                        new SecretsManagerSecret(environment, id), Ticker.system(), ODataRecordSource.TIME);
    }

    @Override
    public RecordSource of(String tenant) {
        return new ODataRecordSource(this, tenant, ticker, time);
    }

    @Override
    public void clear() {
        cached = null;
        tokens.clear();
    }

    /** Returns the settings of a tenant; null if it has none. */
    @Nullable
    RecordSourceSettings settings(String tenant) throws RecordSourceFault {
        @Nullable CachedSettings current = cached;
        if (current == null || current.until - ticker.read() <= 0) {
            current = readSettings();
            cached = current;
        }
        if (current.fault != null) {
            throw new RecordSourceFault(current.fault);
        }
        return current.settings.get(tenant);
    }

    private CachedSettings readSettings() {
        try {
            Map<String, RecordSourceSettings> settings = RecordSourceSettings.read(secret.read(time));
            return new CachedSettings(settings, null, ticker.read() + SETTINGS_AGE);
        } catch (RecordSourceFault e) {
            return new CachedSettings(Map.of(), e.kind(), ticker.read() + FAULT_AGE);
        } catch (RuntimeException e) {
            return new CachedSettings(Map.of(), "secret " + e.getClass().getSimpleName(), ticker.read() + FAULT_AGE);
        }
    }

    /** Returns the cached token if it is still valid, otherwise a new one. */
    String token(String tenant, RecordSourceSettings settings, long deadline) throws RecordSourceFault {
        @Nullable AccessToken token = tokens.get(tenant);
        return token != null && token.until() - ticker.read() > 0
                ? token.text()
                : freshToken(tenant, settings, deadline);
    }

    /**
     * Returns a token to replace a rejected one. Of several concurrent callers, only the first requests a new token.
     */
    synchronized String tokenInsteadOf(String refused, String tenant, RecordSourceSettings settings, long deadline)
            throws RecordSourceFault {
        @Nullable AccessToken token = tokens.get(tenant);
        return token != null && !token.text().equals(refused) ? token.text() : freshToken(tenant, settings, deadline);
    }

    private String freshToken(String tenant, RecordSourceSettings settings, long deadline) throws RecordSourceFault {
        String form = "grant_type=client_credentials&client_id=" + PercentEncoding.ofValue(settings.clientId())
                + "&client_secret=" + PercentEncoding.ofValue(settings.clientSecret())
                + "&scope=" + PercentEncoding.ofValue(settings.scope());
        Map<String, @Nullable Object> answer = new Exchange("token", ticker, deadline).post(settings.tokenUrl(), form);
        if (!(answer.get("access_token") instanceof String text) || !isHeaderText(text)) {
            throw new RecordSourceFault("token malformed");
        }
        int seconds = seconds(answer.get("expires_in")) - TOKEN_RESERVE_SECONDS;
        tokens.put(
                tenant,
                new AccessToken(
                        text, ticker.read() + Duration.ofSeconds(seconds).toNanos()));
        return text;
    }

    /** Returns the lifetime in seconds, which some endpoints send as text. */
    private static int seconds(@Nullable Object value) {
        try {
            return value == null
                    ? TOKEN_SECONDS
                    : (int) Math.clamp(Double.parseDouble(value.toString()), 0, LONGEST_TOKEN_SECONDS);
        } catch (NumberFormatException e) {
            return TOKEN_SECONDS;
        }
    }

    private static boolean isHeaderText(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    }
}
