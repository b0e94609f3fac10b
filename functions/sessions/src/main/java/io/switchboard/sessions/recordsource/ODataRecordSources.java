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
 * The OData v4 services that one secret of AWS Secrets Manager names, one a tenant. Settings are read when the first slug needs them
 * and kept for five minutes, tokens until shortly before they expire; a secret that could not be read is not asked for again for ten
 * seconds. Thread-safe.
 */
public final class ODataRecordSources implements RecordSources {
    private static final long SETTINGS_KEPT = Duration.ofMinutes(5).toNanos();
    private static final long FAULT_KEPT = Duration.ofSeconds(10).toNanos();
    /** A token is not used this close to its end: what it is sent with takes time, and clocks differ. */
    private static final int TOKEN_RESERVE_SECONDS = 60;
    /** Where the token endpoint does not say how long its token is good for. */
    private static final int TOKEN_SECONDS = 300;

    private static final int LONGEST_TOKEN_SECONDS = 86_400;

    private final SecretText secret;
    private final Ticker ticker;
    private final Duration time;
    private final Map<String, AccessToken> tokens = new ConcurrentHashMap<>();
    private volatile @Nullable Kept kept;

    /** What is known of the secret: the settings of each tenant, or the fault of the last attempt. */
    private record Kept(
            Map<String, RecordSourceSettings> settings,
            @Nullable String fault,
            long until) {}

    /**
     * Those of this secret.
     *
     * @param time how long everything that one request asks may take
     */
    ODataRecordSources(SecretText secret, Ticker ticker, Duration time) {
        this.secret = secret;
        this.ticker = ticker;
        this.time = time;
    }

    /** Those of the secret that {@code RECORD_SOURCE_SECRET} names; none where it is blank. */
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
    public void forget() {
        kept = null;
        tokens.clear();
    }

    /** The settings of a tenant; null where it has none. */
    @Nullable
    RecordSourceSettings settings(String tenant) throws RecordSourceFault {
        @Nullable Kept now = kept;
        if (now == null || now.until - ticker.read() <= 0) {
            now = readSettings();
            kept = now;
        }
        if (now.fault != null) {
            throw new RecordSourceFault(now.fault);
        }
        return now.settings.get(tenant);
    }

    private Kept readSettings() {
        try {
            Map<String, RecordSourceSettings> settings = RecordSourceSettings.read(secret.read(time));
            return new Kept(settings, null, ticker.read() + SETTINGS_KEPT);
        } catch (RecordSourceFault e) {
            return new Kept(Map.of(), e.kind(), ticker.read() + FAULT_KEPT);
        } catch (RuntimeException e) {
            return new Kept(Map.of(), "secret " + e.getClass().getSimpleName(), ticker.read() + FAULT_KEPT);
        }
    }

    /** A token that is still good, or a fresh one. */
    String token(String tenant, RecordSourceSettings settings, long deadline) throws RecordSourceFault {
        @Nullable AccessToken token = tokens.get(tenant);
        return token != null && token.until() - ticker.read() > 0
                ? token.text()
                : freshToken(tenant, settings, deadline);
    }

    /** A token instead of one that was refused; of several that ask at once, the first gets it for all. */
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

    /** Some endpoints send it as text. */
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
