package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiSettingsTest {
    private static final String CLAIMS = "{\"tid\":\"t\",\"oid\":\"u\",\"scp\":\"Sessions.Read\"}";

    @Test
    void local_identity_applies_under_sam_local() {
        assertThat(ApiSettings.of(Map.of("SWITCHBOARD_LOCAL_IDENTITY", CLAIMS, "AWS_SAM_LOCAL", "true"))
                        .localClaims())
                .containsEntry("tid", "t")
                .containsEntry("scp", "Sessions.Read");
    }

    @Test
    void local_identity_grants_each_role_of_its_list() {
        ApiSettings settings = ApiSettings.of(Map.of(
                "AWS_SAM_LOCAL",
                "true",
                "SWITCHBOARD_LOCAL_IDENTITY",
                "{\"tid\":\"t\",\"roles\":[\"Sessions.Read\",\"voice agent\"],\"exp\":7}"));

        assertThat(settings.callerClaims()
                        .read(settings.localClaims())
                        .orElseThrow()
                        .roles())
                .containsExactlyInAnyOrder("Sessions.Read", "voice agent");
        assertThat(settings.localClaims()).containsEntry("exp", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "false", "True", "TRUE", "1", "yes", " true"})
    void local_identity_is_ignored_outside_sam_local(String samLocal) {
        assertThat(ApiSettings.of(Map.of("SWITCHBOARD_LOCAL_IDENTITY", CLAIMS, "AWS_SAM_LOCAL", samLocal))
                        .localClaims())
                .isNull();
        assertThat(ApiSettings.of(Map.of("SWITCHBOARD_LOCAL_IDENTITY", CLAIMS)).localClaims())
                .isNull();
    }

    @Test
    void sam_local_without_a_local_identity_has_no_claims() {
        assertThat(ApiSettings.of(Map.of("AWS_SAM_LOCAL", "true")).localClaims())
                .isNull();
        assertThat(ApiSettings.of(Map.of("AWS_SAM_LOCAL", "true", "SWITCHBOARD_LOCAL_IDENTITY", " "))
                        .localClaims())
                .isNull();
    }

    @Test
    void blank_variables_are_treated_as_absent() {
        ApiSettings settings = ApiSettings.of(Map.of("PUBLIC_BASE_URL", " ", "TENANT_CLAIM", " ", "FIXED_TENANT", " "));

        assertThat(settings.publicBaseUrl()).isEmpty();
        assertThat(settings.callerClaims()
                        .read(Map.of("tid", "t"))
                        .orElseThrow()
                        .tenant())
                .isEqualTo("t");
        assertThat(settings.callerClaims().read(Map.of("oid", "u"))).isEmpty();
    }

    @Test
    void trailing_slash_of_the_base_url_is_removed() {
        assertThat(ApiSettings.of(Map.of("PUBLIC_BASE_URL", "https://api.example.com/v1/"))
                        .publicBaseUrl())
                .isEqualTo("https://api.example.com/v1");
    }
}
